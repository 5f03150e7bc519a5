"""A client as those of the older server are written: plain websockets, no token, no ids."""
import asyncio
import json
import sys

import websockets


async def until(socket, method):
    """Receives until a notification of that kind, and gives all that came."""
    received = []
    while True:
        message = json.loads(await asyncio.wait_for(socket.recv(), 30))
        received.append(message)
        if message.get("method") == method:
            return received


async def answer(socket, request, received=None):
    await socket.send(json.dumps(request))
    while True:
        message = json.loads(await asyncio.wait_for(socket.recv(), 30))
        if message.get("id") == request["id"]:
            return message
        if received is not None:
            received.append(message)


def control(number, kind):
    return {"jsonrpc": "2.0", "method": "control", "params": {"type": kind}, "id": number}


def execute(number, command):
    return {"jsonrpc": "2.0", "method": "execute", "params": {"command": command}, "id": number}


async def talk(address):
    async with websockets.connect(address, ping_timeout=None) as socket:
        first = json.loads(await socket.recv())
        assert first["method"] == "connected", first
        assert first["params"]["version"] == "1.0.0", first

        # Execute and stream.
        result = await answer(socket, execute(1, "echo out; echo err >&2; exit 3"))
        assert result["result"]["status"] == "started", result
        received = await until(socket, "process.completed")
        assert received[0]["method"] == "process.started", received
        outputs = [m["params"] for m in received if m["method"] == "process.output"]
        assert sorted((o["type"], o["data"]) for o in outputs) == [
            ("stderr", "err\n"),
            ("stdout", "out\n"),
        ], outputs
        assert received[-1]["params"]["exit_code"] == 3, received
        assert received[-1]["params"]["status"] == "failed", received

        # Pause, resume, cancel.
        await answer(socket, execute(2, "while :; do echo tick; sleep 0.05; done"))
        await until(socket, "process.output")
        assert (await answer(socket, control(3, "PAUSE")))["result"] == {"status": "paused"}
        await until(socket, "process.paused")
        assert (await answer(socket, control(4, "RESUME")))["result"] == {"status": "resumed"}
        await until(socket, "process.resumed")
        await until(socket, "process.output")
        assert (await answer(socket, execute(5, "true")))["error"] == {
            "code": -32602,
            "message": "A process is already running",
        }
        assert (await answer(socket, control(6, "CANCEL")))["result"] == {"status": "canceled"}
        await until(socket, "process.canceled")
        received = await until(socket, "process.completed")
        assert received[-1]["params"]["exit_code"] == -15, received

        # Errors.
        await socket.send("{not json")
        assert json.loads(await socket.recv())["error"]["code"] == -32700
        missing = {"jsonrpc": "2.0", "method": "nothing", "id": 7}
        assert (await answer(socket, missing))["error"] == {
            "code": -32601,
            "message": "Unknown method: nothing",
        }
        assert (await answer(socket, control(8, "PAUSE")))["error"] == {
            "code": -32002,
            "message": "No process is running",
        }
        hooks = {"jsonrpc": "2.0", "method": "hook_status", "id": 9}
        assert (await answer(socket, hooks))["result"]["enabled"] is False


for path in ("/ws", "/ws/mcp"):
    asyncio.run(talk("ws://127.0.0.1:" + sys.argv[1] + path))
    print("ok " + path)
