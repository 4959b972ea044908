"""A PostgreSQL installation backed up with the database's own tool and put back:

- rows first, files after: the restored pair verifies;
- an older backup verifies too, and is told from the newest by a checkpoint that
  somebody else kept;
- `anlan backup` gives a folder that needs no PostgreSQL at all.

usage: backup.py ANLAN POSTGRES.SH
"""

import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time

from crash import Server, fail
from servers import Cluster


def run(*args, code=0):
    p = subprocess.run(args, capture_output=True, text=True, timeout=120)
    if p.returncode != code:
        fail("%s: %d, wanted %d\n%s%s" % (" ".join(args), p.returncode, code, p.stdout[-2000:], p.stderr[-2000:]))
    return p.stdout + p.stderr


def base_backup(cluster, data, to):
    """The cluster, and then the folder beside it, as docs/operations/scale.md says."""
    os.mkdir(to)
    os.chmod(to, 0o777)
    subprocess.run(["pg_basebackup", "-h", cluster.dir, "-U", "anlan", "-D", to + "/pg", "-X", "stream",
                    "--checkpoint=fast"], check=True, stdout=subprocess.DEVNULL)
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", "postgres", to], check=True)
    shutil.copytree(data, to + "-folder", ignore=shutil.ignore_patterns("tmp", "cache", "log.head*"))


def checkpoint(server, tenant):
    for _ in range(100):
        c = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        c.request("GET", "/log/%s/checkpoint" % tenant)
        a = c.getresponse()
        text = a.read()
        if a.status == 200:
            return text
        time.sleep(0.2)
    fail("no checkpoint is published")


class Restored(Cluster):
    def __init__(self, script, dir):
        self.script, self.dir = script, dir
        os.chmod(dir, 0o755)
        subprocess.run(["sed", "-i", "s#^unix_socket_directories.*#unix_socket_directories = '%s'#" % dir,
                        dir + "/pg/postgresql.conf"], check=True)
        self.run("again", dir)
        with open(dir + "-folder/database", "w", encoding="ascii") as f:
            f.write("postgresql://anlan@/anlan?host=%s\n" % dir)


def main():
    anlan, script = map(os.path.abspath, sys.argv[1:3])
    top = tempfile.mkdtemp(prefix="anlan-backup-")
    os.chmod(top, 0o755)
    data, clusters = top + "/data", []
    try:
        cluster = Cluster(script)
        clusters.append(cluster)
        run(anlan, "init", "--example", "--data", data, "--database", cluster.url)
        base_backup(cluster, data, top + "/old")
        server = Server(anlan, data)
        server.start()  # the first checkpoint is published
        for tenant in "whitefun", "installation":
            with open(top + "/" + tenant, "wb") as f:
                f.write(checkpoint(server, tenant))
        base_backup(cluster, data, top + "/new")  # while it serves
        run(anlan, "backup", top + "/plain", "--data", data, "--with-key")
        server.stop()
        for name in "old", "new":
            clusters.append(Restored(script, top + "/" + name))
            run(anlan, "verify", "--data", top + "/" + name + "-folder")
            run(anlan, "rebuild", "--check", "--data", top + "/" + name + "-folder")
        proof = ("restore", "--continue", "--checkpoint", top + "/whitefun", top + "/installation", "--data")
        said = run(anlan, *proof, top + "/old-folder", code=1)
        if "older than the checkpoint" not in said:
            fail("an older backup was not told from the newest: " + said)
        said = run(anlan, *proof, top + "/new-folder", code=1)
        if "Put log.head back" not in said:
            fail("nobody asked what was given out of the log: " + said)
        shutil.copy(data + "/log.head", top + "/new-folder/log.head")
        run(anlan, *proof, top + "/new-folder")
        clusters[0].run("stop", cluster.dir)
        run(anlan, "verify", "--data", top + "/plain")
        run(anlan, "rebuild", "--check", "--data", top + "/plain")
        if os.path.exists(top + "/plain/database"):
            fail("a copy in one folder points elsewhere")
        print("backup: rows and files put back verify; an older one is told from the newest")
    finally:
        for c in clusters:
            c.run("remove", c.dir)
        shutil.rmtree(top, ignore_errors=True)


main()
