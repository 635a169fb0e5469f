export const HELP = `Usage: sql-sessions-mock [flags]

Serves a mock of the SQL Sessions API, or of any OpenAPI 3.1 document, until it is
stopped. The panel at /__mock sets what it answers while it runs.

Flags
  --spec FILE          OpenAPI document to serve, JSON or YAML (default: the SQL Sessions contract)
  --host ADDRESS       address to listen on (default: 127.0.0.1)
  -p, --port PORT      port to listen on, 0 for any free one (default: 4010)
  --scenario STEPS     what calls get: 404, NotFound, 404:NotFound, or a sequence such as 408,408,200;
                       also reset, stall, truncate and html502
  --after WHAT         after the last step: last (it stays), normal or loop (default: last)
  --only NAME=VALUE    play the scenario only for this value of a path parameter
  --stateful           what was closed stays closed: closing it again answers 404
  --strict-token       calls without a token answer 401
  --latency MS         milliseconds before an answer, or a range such as 100-400
  --faults RATE        share of calls, 0 to 1, that get a fault instead of an answer
  --fault-kinds KINDS  which faults: reset,stall,truncate,html502 (default: all)
  --seed NUMBER        makes latency and faults repeat (default: 1)
  --credentials        let browsers send cookies across origins
  --no-watch           do not follow changes of the document
  --json               one JSON object per line instead of text
  -q, --quiet          print errors only
  -h, --help           print this
  -v, --version        print the version

Exit codes
  0  stopped by SIGINT or SIGTERM     3  the document is missing or not sound
  1  a fault of the mock itself       4  the address cannot be listened on
  2  a flag is not valid, or this is an older Node than 24
`;
