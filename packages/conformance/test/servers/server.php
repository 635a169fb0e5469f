<?php
// A router for PHP's own server that keeps the contract, for ids that nobody has.
function refuse(int $status, string $message, array $headers = []): bool
{
    http_response_code($status);
    header_remove('X-Powered-By');
    foreach ($headers as $header) {
        header($header);
    }
    header('Content-Type: application/json');
    echo json_encode(['error_code' => "demo.0$status", 'error_msg' => $message]);
    return true;
}

$path = explode('?', preg_replace('#^http://[^/]*#', '', $_SERVER['REQUEST_URI']))[0];
if (!preg_match('#\A/v1/workspaces/([^/]+)/sessions/([^/]+)\z#', $path, $ids)) {
    return refuse(404, 'no such path');
}
if ($_SERVER['REQUEST_METHOD'] !== 'DELETE') {
    return refuse(405, 'only DELETE', ['Allow: DELETE']);
}
if (!in_array($_SERVER['HTTP_X_AUTH_TOKEN'] ?? '', ['main-token-1234', 'second-token-5678'], true)) {
    return refuse(401, 'who are you?', ['WWW-Authenticate: Token']);
}
foreach ([$ids[1], $ids[2]] as $id) {
    if (!preg_match('/\A[A-Za-z0-9-]{1,36}\z/', rawurldecode($id))) {
        return refuse(400, 'not an id');
    }
}
return refuse(404, 'no such session');
