import socket

import pytest

from mentorkit_channels.web.addresses import AddressError, look_up, parse_address, resolved

TRICKS = [
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0X7F.0x0.0x0.0x1/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://127.0.0.01/",
    "https://00127.0.0.1/",
    "https://127.0.0.1./",
    "https://0/",
    "https://0x/",
    "https://256.256.256.256/",
    "https://127.0.0.1.0x7f/",
    "https://localhost../",
    "https://.localhost/",
    "https://%6c%6f%63%61lhost/",
    "https://127%2e0%2e0%2e1/",
    "https://\uff11\uff12\uff17.0.0.1/",
    "https://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3/",
    "https://127\u30020\u30020\u30021/",
    "https://hooks.example.org@127.0.0.1/",
    "https://user:word@hooks.example.org/",
    "https://hooks.example.org:80:443/",
    "https://hooks.example.org:0/",
    "https://hooks.example.org:99999/",
    "https://hooks.example.org\\@127.0.0.1/",
    "https:\\\\127.0.0.1/",
    "https:/127.0.0.1/",
    "https:127.0.0.1/",
    "//127.0.0.1/",
    "https:///path",
    "https://[::1/",
    "https://[127.0.0.1]/",
    "https://[::1].example.org/",
    "https://hooks.example.org/\r\nHost: other",
    "https://hooks.example.org/ x",
    "https://hooks.example.org/#x",
    "http://hooks.example.org/",
    "ftp://hooks.example.org/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/",
    "",
    "x" * 3000,
]

NOT_PUBLIC = [
    "127.0.0.1",
    "127.255.255.254",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "168.63.129.16",
    "192.0.0.192",
    "198.18.0.1",
    "0.0.0.0",
    "0.1.2.3",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
]


@pytest.mark.parametrize("text", TRICKS)
def test_addresses_are_written_in_one_way_only(text):
    with pytest.raises(AddressError) as refused:
        parse_address(text)
    assert "127" not in str(refused.value)
    assert "word" not in str(refused.value).replace("password", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://hooks.example.org", ("hooks.example.org", 443, "/", "hooks.example.org")),
        ("HTTPS://Hooks.Example.org:8443/a?b=c", ("hooks.example.org", 8443, "/a?b=c", "hooks.example.org:8443")),
        ("https://hooks.example.org./a", ("hooks.example.org", 443, "/a", "hooks.example.org")),
        ("https://xn--bcher-kva.example/", ("xn--bcher-kva.example", 443, "/", "xn--bcher-kva.example")),
        ("https://203.0.114.5/", ("203.0.114.5", 443, "/", "203.0.114.5")),
        ("https://[2606:4700::1111]:9/", ("2606:4700::1111", 9, "/", "[2606:4700::1111]:9")),
    ],
)
def test_addresses_say_which_server_is_meant(text, expected):
    found = parse_address(text)
    assert expected == (found.host, found.port, found.path, found.host_header)


@pytest.mark.parametrize("number", NOT_PUBLIC)
def test_nobody_but_the_public_web_is_called(number):
    address = parse_address("https://hooks.example.org/")
    with pytest.raises(AddressError):
        resolved(address, lambda host, port: [number], allow_private=False)


@pytest.mark.parametrize(
    "number",
    [
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::",
        "168.63.129.16",
        "fe80::1",
        "0.0.0.0",
    ],
)
def test_what_belongs_to_the_network_itself_is_never_called(number):
    address = parse_address("https://hooks.example.org/")
    with pytest.raises(AddressError):
        resolved(address, lambda host, port: [number], allow_private=True)


@pytest.mark.parametrize("number", ["127.0.0.1", "10.0.0.1", "::1", "fd00::5", "8.8.8.8"])
def test_private_servers_are_called_where_the_program_says_so(number):
    address = parse_address("https://hooks.example.org/", allow_private=True)
    assert (number,) == resolved(address, lambda host, port: [number], allow_private=True)


@pytest.mark.parametrize("number", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_the_public_web_is_called_also_through_a_gateway(number):
    address = parse_address("https://hooks.example.org/")
    assert (number,) == resolved(address, lambda host, port: [number], allow_private=False)


def test_one_bad_number_among_good_ones_is_enough_to_refuse():
    address = parse_address("https://hooks.example.org/")
    with pytest.raises(AddressError):
        resolved(address, lambda host, port: ["8.8.8.8", "10.0.0.1"], allow_private=False)


def test_plain_http_is_for_this_machine_alone():
    address = parse_address("http://hooks.example.org/", allow_private=True)
    assert ("127.0.0.1", "::1") == resolved(address, lambda host, port: ["127.0.0.1", "::1"], allow_private=True)
    for number in ("10.0.0.1", "8.8.8.8"):
        with pytest.raises(AddressError):
            resolved(address, lambda host, port, number=number: [number], allow_private=True)


def test_the_machines_own_name_has_its_own_number():
    assert {"127.0.0.1", "::1"} >= set(look_up("localhost", 443)) > set()
    with pytest.raises(socket.gaierror):
        look_up("no-such-host.invalid", 443)
