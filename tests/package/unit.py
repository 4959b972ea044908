"""A systemd unit where no systemd runs: its conditions, and its ExecStart as its user under its filter of system calls.

The sets of the filter are expanded by `systemd-analyze syscall-filter` of the machine, and loaded by libseccomp. What the unit
does with namespaces and mounts is not done here."""
import collections
import ctypes
import errno
import functools
import os
import pwd
import shlex
import signal
import socket
import subprocess
import tempfile

KILL, ALLOW = 0x80000000, 0x7FFF0000


def read(path):
    """Settings of all sections: name -> list of values. An empty one begins a list anew."""
    out = collections.defaultdict(list)
    with open(path, encoding="utf-8") as f:
        for line in f:
            name, eq, value = line.strip().partition("=")
            if not eq or name.startswith(("#", ";")):
                continue
            if value == "":
                out[name] = []
            else:
                out[name].append(value)
    return out


@functools.cache
def call_sets():
    out, name = {}, None
    for line in subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager"], check=True, capture_output=True, text=True).stdout.splitlines():
        word = line.strip()
        if line.startswith("@"):
            name = out.setdefault(word, [])
        elif word and not word.startswith("#") and line.startswith(" ") and name is not None:
            name.append(word)
    return out


def expand(words):
    out = set()
    for w in words:
        w = w.split(":")[0]
        out |= expand(call_sets()[w]) if w.startswith("@") else {w}
    return out


def allowed(unit):
    """What the unit may call; None: everything. As systemd.exec(5): a first line without "~" is a list of what is allowed."""
    lines = unit.get("SystemCallFilter", [])
    if not lines:
        return None
    assert not lines[0].startswith("~"), "a list of what is forbidden is not known here"
    out = expand(["@default", "execve", "exit", "exit_group", "getrlimit", "rt_sigreturn"])
    for line in lines:
        words = expand(line.lstrip("~").split())
        out = out - words if line.startswith("~") else out | words
    return out


def load_filter(unit):
    calls = allowed(unit)
    if calls is None:
        return
    number = unit.get("SystemCallErrorNumber", [])
    action = 0x00050000 | getattr(errno, number[-1]) if number else KILL
    c = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    c.seccomp_init.restype = ctypes.c_void_p
    c.seccomp_rule_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint]
    c.seccomp_load.argtypes = [ctypes.c_void_p]
    ctx = c.seccomp_init(action)
    for name in sorted(calls):
        nr = c.seccomp_syscall_resolve_name(name.encode())
        if nr >= 0 and c.seccomp_rule_add(ctx, ALLOW, nr, 0) != 0:
            raise OSError(f"no rule for {name}")
    if c.seccomp_load(ctx) != 0:
        raise OSError("the filter does not load")


def conditions_hold(unit):
    """Of ConditionPathExists: all plain ones, and one of those with "|", if there are any."""
    plain = [v for v in unit.get("ConditionPathExists", []) if not v.startswith("|")]
    either = [v[1:] for v in unit.get("ConditionPathExists", []) if v.startswith("|")]
    return all(map(os.path.exists, plain)) and (not either or any(map(os.path.exists, either)))


class Started:
    """The unit's ExecStart. A service of Type=notify has said READY when this returns."""

    def __init__(self, path):
        self.unit = read(path)
        assert conditions_hold(self.unit), f"the conditions of {path} do not hold"
        (line,) = self.unit["ExecStart"]
        who = pwd.getpwnam(self.unit["User"][-1])
        env = {"PATH": "/usr/bin:/bin", "HOME": who.pw_dir, "USER": who.pw_name, "LANG": "C.UTF-8"}
        self.sock = None
        if self.unit.get("Type", [""])[-1] == "notify":
            d = tempfile.mkdtemp()
            os.chmod(d, 0o755)
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self.sock.bind(d + "/notify")
            os.chmod(d + "/notify", 0o777)
            self.sock.settimeout(60)
            env["NOTIFY_SOCKET"] = d + "/notify"

        def become():
            os.umask(int(self.unit.get("UMask", ["0022"])[-1], 8))
            os.initgroups(who.pw_name, who.pw_gid)
            os.setgid(who.pw_gid)
            os.setuid(who.pw_uid)
            ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
            load_filter(self.unit)

        self.p = subprocess.Popen(shlex.split(line), env=env, cwd="/", preexec_fn=become)
        if self.sock:
            self.heard = self.sock.recv(4096).decode()
            assert self.heard.startswith("READY=1"), self.heard

    def stop(self):
        self.p.send_signal(signal.SIGTERM)
        return self.p.wait(60)
