"""Frees a consumer group whose elected leader died while the group was forming.

    unwedge.py --brokers HOST:PORT --group GROUP --topic TOPIC

Apache Kafka elects another leader; the embedded broker (Tansu 0.6) answers every later JoinGroup
with the dead one's name, for ever, so that nobody is given partitions. This speaks to it as the dead
leader: it joins under its name, completes the group with nobody assigned anything, and leaves, upon
which the living form the group anew. Prints the name. Raw protocol, for no client lets one do that.
"""

import argparse
import socket
import struct

MEMBER_ID_REQUIRED = 79


def string(text):
    data = text.encode()
    return struct.pack(">h", len(data)) + data


def data(content):
    return struct.pack(">i", len(content)) + content


class Reader:
    def __init__(self, content):
        self.content, self.at = content, 0

    def number(self, form):
        (value,) = struct.unpack_from(">" + form, self.content, self.at)
        self.at += struct.calcsize(form)
        return value

    def string(self):
        length = max(self.number("h"), 0)
        self.at += length
        return self.content[self.at - length : self.at].decode()


class Broker:
    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=30)

    def receive(self, count):
        content = b""
        while len(content) < count:
            part = self.socket.recv(count - len(content))
            if not part:
                raise SystemExit("unwedge: the broker hung up")
            content += part
        return content

    def ask(self, key, version, body):
        request = struct.pack(">hhi", key, version, 1) + string("unwedge") + body
        self.socket.sendall(data(request))
        (length,) = struct.unpack(">i", self.receive(4))
        reader = Reader(self.receive(length))
        reader.number("i")
        return reader

    def join(self, group, topic, member):
        """JoinGroup version 4: error, generation, leader, member."""
        metadata = struct.pack(">hi", 0, 1) + string(topic) + struct.pack(">i", -1)
        body = string(group) + struct.pack(">ii", 2_000, 6_000) + string(member)
        body += string("consumer") + struct.pack(">i", 1) + string("range") + data(metadata)
        reader = self.ask(11, 4, body)
        reader.number("i")
        error, generation = reader.number("h"), reader.number("i")
        reader.string()
        leader, member = reader.string(), reader.string()
        return error, generation, leader, member

    def sync(self, group, generation, member):
        """SyncGroup version 2, with no assignment for anyone."""
        body = string(group) + struct.pack(">i", generation) + string(member)
        reader = self.ask(14, 2, body + struct.pack(">i", 0))
        reader.number("i")
        return reader.number("h")

    def leave(self, group, member):
        """LeaveGroup version 2."""
        reader = self.ask(13, 2, string(group) + string(member))
        reader.number("i")
        return reader.number("h")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--brokers", required=True)
    parser.add_argument("--group", required=True)
    parser.add_argument("--topic", required=True)
    options = parser.parse_args()
    broker = Broker(options.brokers)
    error, generation, leader, visitor = broker.join(options.group, options.topic, "")
    if error == MEMBER_ID_REQUIRED:
        error, generation, leader, visitor = broker.join(options.group, options.topic, visitor)
    if leader != visitor:
        error, generation, leader, _ = broker.join(options.group, options.topic, leader)
    synced = broker.sync(options.group, generation, leader)
    left = [broker.leave(options.group, member) for member in {leader, visitor}]
    print(f"leader={leader} join={error} sync={synced} leave={left}")


if __name__ == "__main__":
    main()
