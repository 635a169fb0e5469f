export const HELP = `Usage: sql-sessions-mock [flags]

Serves a mock of the SQL Sessions API, or of any OpenAPI 3 document, until it is
stopped. The panel at /__mock sets what it responds while it runs.

Contract
  --spec FILE|URL      OpenAPI document to serve, JSON or YAML (default: the SQL Sessions contract)
  --no-watch           do not follow changes of the document
  --remote-refs        follow references of the document to other places
  --base-path WHAT     paths below those of the contract's servers: both (with and without them),
                       only or none (default: both)

Server
  --host HOST          host to listen on (default: 127.0.0.1)
  -p, --port PORT      port to listen on, 0 for any free one (default: 4010)
  --tls-cert FILE, --tls-key FILE  serve HTTPS with this certificate and private key (PEM)
  --no-cors            send no CORS headers
  --credentials        let browsers send cookies across origins
  --allow-host NAME    open the control API for this host name too; can be given more than once
  --allow-origin URL   open the control API for pages of this origin too, * for all; can be given more than once

Behavior
  --scenario STEPS     what calls get: 404, NotFound, 404:NotFound, or a sequence such as 408,408,200;
                       also reset, stall, truncate and html502
  --after WHAT         after the last step: last (it stays), normal or loop (default: last)
  --only NAME=VALUE    the scenario is only for this value of a path parameter
  --stateful           what was deleted stays deleted: its path responds 404, lists leave it out
  --strict-token       calls without a token get 401
  --dynamic            bodies are made up from the schemas instead of taken from the examples
  --no-validate        do not refuse requests that break a rule of the contract
  --latency MS         milliseconds before a response, or a range such as 100-400
  --faults RATE        share of calls, 0 to 1, that get a fault instead of a response
  --fault-kinds KINDS  which faults: reset,stall,truncate,html502 (default: all)
  --seed NUMBER        makes latency and faults repeatable (default: 1)
  --upstream URL       send what no scenario covers to a real server, and check its responses

Command
  --exit-with-parent   end when the process that started it ends
  --json               one JSON object per line instead of text
  -q, --quiet          print errors only
  -h, --help           print this
  -v, --version        print the version

Exit codes
  0  stopped by a signal, or with its parent   3  the document is missing or not sound
  1  a fault of the mock itself                4  it cannot listen on the host and port
  2  a flag is not valid, or Node is older than 22.12
`;
