# A server in Ruby (WEBrick) that keeps the contract.
require 'json'
require 'webrick'

TENANTS = { 'main-token-1234' => 'main', 'second-token-5678' => 'second' }.freeze
PATH = %r{\A/v1/workspaces/([^/]+)/sessions/([^/]+)\z}
ID = /\A[A-Za-z0-9-]{1,36}\z/

class Api < WEBrick::HTTPServlet::AbstractServlet
  def refuse(response, status, message, headers = {})
    response.status = status
    headers.each { |name, value| response[name] = value }
    response['Content-Type'] = 'application/json'
    response.body = JSON.generate(error_code: "demo.0#{status}", error_msg: message)
  end

  def service(request, response)
    hosts = request.header['host']
    return refuse(response, 400, 'which host?') unless hosts.size == 1 || request.http_version < '1.1'

    ids = PATH.match(request.unparsed_uri.sub(%r{\Ahttp://[^/]*}, '').split('?').first)
    return refuse(response, 404, 'no such path') unless ids
    return refuse(response, 405, 'only DELETE', 'Allow' => 'DELETE') unless request.request_method == 'DELETE'
    return refuse(response, 401, 'who are you?', 'WWW-Authenticate' => 'Token') unless TENANTS[request['X-Auth-Token']]

    decoded = ids.captures.map { |one| one.gsub(/%(\h\h)/) { $1.hex.chr }.b }
    return refuse(response, 400, 'not an id') unless decoded.all? { |one| ID.match?(one) }

    refuse(response, 404, 'no such session')
  end
end

class Quiet < WEBrick::HTTPServer
  def service(request, response)
    Api.new(self).service(request, response)
  end
end

log = WEBrick::Log.new(File::NULL)
server = Quiet.new(BindAddress: '127.0.0.1', Port: 0, Logger: log, AccessLog: [], MaxClients: 200)
puts "ready http://127.0.0.1:#{server.listeners.first.addr[1]}"
$stdout.flush
server.start
