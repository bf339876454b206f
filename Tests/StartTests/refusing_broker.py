"""A Kafka broker that lets nobody in: `password` refuses every login, `certificate FOLDER` shows a
certificate that nobody has signed. Prints its port, and runs until it is killed."""

import datetime
import socketserver
import ssl
import struct
import sys

API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE = 18, 17, 36
UNSUPPORTED_VERSION, SASL_AUTHENTICATION_FAILED = 35, 58


def text(value):
    return struct.pack(">h", len(value)) + value.encode()


def versions(error):
    ranges = [(API_VERSIONS, 0, 2), (SASL_HANDSHAKE, 0, 1), (SASL_AUTHENTICATE, 0, 1), (3, 0, 4)]
    head = struct.pack(">hi", error, len(ranges))
    return head + b"".join(struct.pack(">hhh", *entry) for entry in ranges)


def response(key, version):
    if key == API_VERSIONS:
        return versions(0 if version <= 2 else UNSUPPORTED_VERSION)
    if key == SASL_HANDSHAKE:
        return struct.pack(">hi", 0, 1) + text("PLAIN")
    if key == SASL_AUTHENTICATE:
        body = struct.pack(">h", SASL_AUTHENTICATION_FAILED) + text("Invalid username or password")
        return body + struct.pack(">i", 0) + (struct.pack(">q", 0) if version >= 1 else b"")
    return None


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while len(head := self.rfile.read(4)) == 4:
            request = self.rfile.read(struct.unpack(">i", head)[0])
            key, version, correlation = struct.unpack(">hhi", request[:8])
            body = response(key, version)
            if body is None:
                return
            frame = struct.pack(">i", correlation) + body
            self.wfile.write(struct.pack(">i", len(frame)) + frame)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    context = None

    def get_request(self):
        connection, address = super().get_request()
        if self.context:
            connection = self.context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request, client_address):
        pass


def own_certificate(folder):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1)).sign(key, hashes.SHA256()))
    path = folder + "/broker.pem"
    with open(path, "wb") as file:
        file.write(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
    return path


def main():
    with Server(("127.0.0.1", 0), Handler) as server:
        if sys.argv[1] == "certificate":
            server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            server.context.load_cert_chain(own_certificate(sys.argv[2]))
        print(server.server_address[1], flush=True)
        server.serve_forever()


main()
