"""Runs the scenarios of scenarios.py against a server: names come in, a line each; `ok` or what failed goes out.

usage: client.py TARGET DESCRIPTOR_SET
"""

import asyncio
import json
import sys
import traceback

import scenarios
from messages import Messages
from peer import Peer


async def run(name, target, messages):
    try:
        async with Peer(target, messages) as peer:
            await getattr(scenarios, name)(peer)
        return "ok"
    except Exception:
        return json.dumps(traceback.format_exc())


async def main(target, descriptor_set_path):
    messages = Messages(descriptor_set_path)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(await run(line.strip(), target, messages), flush=True)


asyncio.run(main(*sys.argv[1:]))
