// A server in Go that keeps the contract, and beside it the setup of setup-protocol.yaml.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
)

type session struct {
	tenant string
	stuck  bool
}

type object map[string]any

var (
	tenants  = map[string]string{"main-token-1234": "main", "second-token-5678": "second", "late-token-90": ""}
	path     = regexp.MustCompile(`^/v1/workspaces/([^/]+)/sessions/([^/]+)$`)
	id       = regexp.MustCompile(`^[A-Za-z0-9-]{1,36}$`)
	sessions = map[string]*session{}
	lock     sync.Mutex
	broken   bool
	count    int
)

func send(w http.ResponseWriter, status int, body object) {
	if body != nil {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	if body != nil {
		json.NewEncoder(w).Encode(body)
	}
}

func refuse(w http.ResponseWriter, status int, message string) {
	send(w, status, object{"error_code": fmt.Sprintf("demo.0%d", status), "error_msg": message})
}

func api(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 65536))
	ids := path.FindStringSubmatch(r.URL.EscapedPath())
	switch {
	case err != nil:
		refuse(w, 400, "not a body")
	case ids == nil:
		refuse(w, 404, "no such path")
	case r.Method != "DELETE":
		w.Header().Set("Allow", "DELETE")
		refuse(w, 405, "only DELETE")
	default:
		workspace, _ := url.PathUnescape(ids[1])
		name, _ := url.PathUnescape(ids[2])
		end(w, r, workspace, name, body)
	}
}

func end(w http.ResponseWriter, r *http.Request, workspace, name string, body []byte) {
	tenant, known := tenants[r.Header.Get("X-Auth-Token")]
	var value any
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	empty := json.Unmarshal(body, &value) == nil && kind == "application/json" && fmt.Sprint(value) == "map[]"
	lock.Lock()
	defer lock.Unlock()
	found := sessions[name]
	switch {
	case !known:
		w.Header().Set("WWW-Authenticate", "Token")
		refuse(w, 401, "who are you?")
	case tenant == "":
		inner := object{"code": "403", "message": "suspended", "title": "Forbidden"}
		send(w, 403, object{"error": inner, "error_code": 403, "error_msg": "suspended", "title": "Forbidden"})
	case !id.MatchString(workspace) || !id.MatchString(name):
		refuse(w, 400, "not an id")
	case len(body) > 0 && !empty:
		refuse(w, 400, "send nothing, or an empty object")
	case broken:
		refuse(w, 500, "something failed")
	case found == nil || found.tenant != tenant || workspace != tenant+"-space":
		refuse(w, 404, "no such session")
	case found.stuck:
		refuse(w, 408, "it did not end in time")
	default:
		delete(sessions, name)
		send(w, 200, nil)
	}
}

func setup(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(r.URL.Path, "/")
	lock.Lock()
	defer lock.Unlock()
	switch {
	case r.URL.Path == "/runs" && r.Method == "POST":
		send(w, 200, object{
			"capabilities": []string{"live", "stuck", "innerFault", "secondTenant", "forbidden"},
			"token":        "main-token-1234", "secondToken": "second-token-5678",
			"requiresToken": true, "retries": "not-found",
		})
	case r.URL.Path == "/states" && r.Method == "POST":
		var asked struct{ State string }
		json.NewDecoder(r.Body).Decode(&asked)
		send(w, 201, prepare(asked.State))
	case len(parts) == 4:
		broken = false
		if found := sessions[parts[2]]; found != nil {
			found.stuck = false
		}
		w.WriteHeader(204)
	case r.Method == "GET":
		send(w, 200, object{"open": sessions[parts[2]] != nil})
	default:
		delete(sessions, parts[len(parts)-1])
		w.WriteHeader(204)
	}
}

func prepare(state string) object {
	tenant := "main"
	if state == "secondTenant" {
		tenant = "second"
	}
	count++
	name := fmt.Sprintf("Open-%d-a0", count)
	sessions[name] = &session{tenant, state == "stuck"}
	broken = state == "innerFault"
	subject := object{"id": name, "open": true, "params": object{"workspace_id": tenant + "-space", "session_id": name}}
	if state == "forbidden" {
		subject["token"] = "late-token-90"
	}
	return subject
}

func main() {
	urls := []any{"ready"}
	for _, handler := range []http.HandlerFunc{api, setup} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		urls = append(urls, "http://"+listener.Addr().String())
		go http.Serve(listener, handler)
	}
	fmt.Println(urls...)
	select {}
}
