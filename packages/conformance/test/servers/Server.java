import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in Java that keeps the contract, and beside it the setup of setup-protocol.yaml. */
public class Server {
  record Session(String tenant, boolean stuck) {}

  static final Map<String, String> TENANTS =
      Map.of("main-token-1234", "main", "second-token-5678", "second", "late-token-90", "");
  static final Pattern PATH = Pattern.compile("/v1/workspaces/([^/]+)/sessions/([^/]+)");
  static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,36}");
  static final Map<String, Session> SESSIONS = new ConcurrentHashMap<>();
  static final AtomicInteger COUNT = new AtomicInteger();
  static volatile boolean broken;

  public static void main(String[] args) throws IOException {
    String api = serve(Server::api);
    System.out.println("ready " + api + " " + serve(Server::setup));
  }

  interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  static String serve(Handler handler) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", exchange -> {
      try (exchange) {
        handler.handle(exchange);
      }
    });
    server.start();
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  static void api(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    List<String> hosts = exchange.getRequestHeaders().getOrDefault("Host", List.of());
    if (hosts.size() != 1 && exchange.getProtocol().equals("HTTP/1.1")) {
      refuse(exchange, 400, "which host?");
      return;
    }
    Matcher ids = PATH.matcher(exchange.getRequestURI().getRawPath());
    if (!ids.matches()) {
      refuse(exchange, 404, "no such path");
    } else if (!exchange.getRequestMethod().equals("DELETE")) {
      exchange.getResponseHeaders().set("Allow", "DELETE");
      refuse(exchange, 405, "only DELETE");
    } else {
      close(exchange, decode(ids.group(1)), decode(ids.group(2)), body);
    }
  }

  static void close(HttpExchange exchange, String workspace, String id, String body) throws IOException {
    String token = exchange.getRequestHeaders().getFirst("X-Auth-Token");
    String tenant = token == null ? null : TENANTS.get(token);
    if (tenant == null) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Token");
      refuse(exchange, 401, "who are you?");
    } else if (tenant.isEmpty()) {
      send(exchange, 403, "{\"error\":{\"code\":\"403\",\"message\":\"suspended\",\"title\":\"Forbidden\"},"
          + "\"error_code\":403,\"error_msg\":\"suspended\",\"title\":\"Forbidden\"}");
    } else if (!ID.matcher(workspace).matches() || !ID.matcher(id).matches()) {
      refuse(exchange, 400, "not an id");
    } else if (!body.isEmpty() && !isEmptyObject(exchange, body)) {
      refuse(exchange, 400, "send nothing, or an empty object");
    } else if (broken) {
      refuse(exchange, 500, "something failed");
    } else {
      Session session = SESSIONS.get(id);
      if (session == null || !session.tenant().equals(tenant) || !workspace.equals(tenant + "-space")) {
        refuse(exchange, 404, "no such session");
      } else if (session.stuck()) {
        refuse(exchange, 408, "it did not end in time");
      } else if (SESSIONS.remove(id, session)) {
        send(exchange, 200, "");
      } else {
        refuse(exchange, 404, "no such session");
      }
    }
  }

  static boolean isEmptyObject(HttpExchange exchange, String body) {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    return type != null && type.split(";")[0].trim().equalsIgnoreCase("application/json")
        && body.matches("[ \\t\\r\\n]*\\{[ \\t\\r\\n]*\\}[ \\t\\r\\n]*");
  }

  /** The decoded segment; a text that is no id where it cannot be decoded. */
  static String decode(String segment) {
    ByteBuffer bytes = ByteBuffer.allocate(segment.length());
    for (int at = 0; at < segment.length(); at++) {
      if (segment.charAt(at) != '%') {
        bytes.put((byte) segment.charAt(at));
      } else {
        bytes.put((byte) Integer.parseInt(segment.substring(at + 1, at + 3), 16));
        at += 2;
      }
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
  }

  static void refuse(HttpExchange exchange, int status, String message) throws IOException {
    send(exchange, status, "{\"error_code\":\"demo.0" + status + "\",\"error_msg\":\"" + message + "\"}");
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    boolean none = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
    if (bytes.length > 0) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
    }
    exchange.sendResponseHeaders(status, none ? -1 : bytes.length);
    if (!none) {
      exchange.getResponseBody().write(bytes);
    }
  }

  static void setup(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String[] path = exchange.getRequestURI().getPath().split("/");
    String method = exchange.getRequestMethod();
    if (path[1].equals("runs") && method.equals("POST")) {
      send(exchange, 200, "{\"capabilities\":[\"live\",\"stuck\",\"innerFault\",\"secondTenant\",\"forbidden\"],"
          + "\"token\":\"main-token-1234\",\"secondToken\":\"second-token-5678\","
          + "\"requiresToken\":true,\"retries\":\"not-found\"}");
    } else if (path.length == 2 && method.equals("POST")) {
      send(exchange, 201, prepare(body));
    } else if (path.length == 4) {
      broken = false;
      SESSIONS.computeIfPresent(path[2], (id, session) -> new Session(session.tenant(), false));
      send(exchange, 204, "");
    } else if (method.equals("GET")) {
      send(exchange, 200, "{\"open\":" + SESSIONS.containsKey(path[2]) + "}");
    } else {
      SESSIONS.remove(path[path.length - 1]);
      send(exchange, 204, "");
    }
  }

  static String prepare(String body) {
    String tenant = body.contains("\"secondTenant\"") ? "second" : "main";
    String id = "Open-" + COUNT.incrementAndGet() + "-a0";
    SESSIONS.put(id, new Session(tenant, body.contains("\"stuck\"")));
    broken = body.contains("\"innerFault\"");
    String token = body.contains("\"forbidden\"") ? ",\"token\":\"late-token-90\"" : "";
    return "{\"id\":\"" + id + "\",\"open\":true,\"params\":{\"workspace_id\":\"" + tenant
        + "-space\",\"session_id\":\"" + id + "\"}" + token + "}";
  }
}
