"""Runs Debian's `awscli` again and again in one process: `aws-server.py REQUESTS`. See quick-aws.ts.

Each line of the named pipe REQUESTS names a folder with the files `args` and `environ` (entries ended by NUL) and `cwd`,
and the streams `1` and `2`; the exit code is written to its pipe `done`. It ends with its standard input.
"""
import io
import os
import sys
import threading
import time

import awscli.clidriver
from botocore.session import Session  # The one inside of awscli, which its import has put into the search path.

# What the import has said of the own data.
DATA = {'AWS_DATA_PATH': os.environ['AWS_DATA_PATH']}

sleep = time.sleep
# Waiters look every 5 to 30 seconds; a sandbox is done before.
time.sleep = lambda seconds: sleep(min(seconds, 0.02))

create_client = Session.create_client


def create_client_at_endpoint(self, *args, **options):
    # Releases before 2.13 do not read the variable.
    if options.get('endpoint_url') is None:
        options['endpoint_url'] = os.environ['AWS_ENDPOINT_URL']
    return create_client(self, *args, **options)


Session.create_client = create_client_at_endpoint


def end_with_input():
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=end_with_input, daemon=True).start()


def entries(path):
    with open(path, 'rb') as file:
        return [each.decode() for each in file.read().split(b'\0')[:-1]]


def run(folder):
    os.environ.clear()
    os.environ.update(each.split('=', 1) for each in entries(f'{folder}/environ'))
    os.environ.update(DATA)
    os.chdir(f'{folder}/cwd')
    streams = [io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())]
    sys.stdout, sys.stderr = streams
    sys.argv = ['aws', *entries(f'{folder}/args')]
    try:
        code = awscli.clidriver.main()
    except SystemExit as end:
        code = end.code or 0
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    for name, stream in zip('12', streams):
        stream.flush()
        with open(f'{folder}/{name}', 'ab') as file:
            file.write(stream.buffer.getvalue())
    os.chdir('/')
    with open(f'{folder}/done', 'w') as done:
        done.write(f'{code}\n')


with open(os.open(sys.argv[1], os.O_RDWR)) as requests:
    for line in requests:
        run(line.strip())
