"""A client as those of the older server are written: plain websockets, no token, no ids."""
import asyncio
import json
import os
import sys

import websockets


async def receive(socket):
    return json.loads(await asyncio.wait_for(socket.recv(), 30))


async def until(socket, method):
    """Receives until a notification of that kind, and gives all that came."""
    received = []
    while True:
        message = await receive(socket)
        assert "error" not in message, message
        received.append(message)
        if message.get("method") == method:
            return received


async def answer(socket, request):
    await socket.send(json.dumps(request))
    while True:
        message = await receive(socket)
        if message.get("id") == request["id"]:
            return message


async def good(socket, request):
    said = await answer(socket, request)
    assert "result" in said, said
    return said["result"]


def control(number, kind):
    return {"jsonrpc": "2.0", "method": "control", "params": {"type": kind}, "id": number}


def execute(number, command, **more):
    params = {"command": command, **more}
    return {"jsonrpc": "2.0", "method": "execute", "params": params, "id": number}


def outputs(received):
    return [m["params"] for m in received if m["method"] == "process.output"]


async def connect(address):
    socket = await websockets.connect(address, ping_timeout=None)
    first = await receive(socket)
    assert first["method"] == "connected", first
    assert first["params"]["version"] == "1.0.0", first
    assert first["params"]["capabilities"] == ["execute", "control", "stream"], first
    assert first["params"]["session_id"], first
    return socket


async def executes_and_streams(socket):
    result = await good(socket, execute(1, "echo out; echo err >&2; exit 3", timeout=30))
    assert result["status"] == "started" and result["pid"] == result["pgid"], result
    received = await until(socket, "process.completed")
    started = received[0]
    assert started["method"] == "process.started", received
    assert started["params"]["pid"] == result["pid"], received
    assert started["params"]["exit_code"] is None and started["params"]["error"] is None, received
    assert sorted((o["type"], o["data"]) for o in outputs(received)) == [
        ("stderr", "err\n"),
        ("stdout", "out\n"),
    ], received
    completed = received[-1]["params"]
    assert completed["exit_code"] == 3 and completed["status"] == "failed", completed
    assert completed["early_completion_detected"] is False, completed
    for member in ("early_completion_time", "time_saved", "completion_marker"):
        assert completed[member] is None, completed

    # It comes while the process still runs, and a line with its end.
    await good(socket, execute(2, "echo first; exec sleep 60"))
    assert outputs(await until(socket, "process.output"))[0]["data"] == "first\n"
    await good(socket, control(3, "CANCEL"))
    await until(socket, "process.completed")

    # A long line comes in chunks.
    await good(socket, execute("words too", "head -c 150000 /dev/zero | tr '\\0' x"))
    chunks = outputs(await until(socket, "process.completed"))
    assert "".join(chunk["data"] for chunk in chunks) == "x" * 150000
    assert [chunk["chunk_index"] for chunk in chunks] == [0, 1, 2], chunks
    assert [chunk["total_chunks"] for chunk in chunks] == [3, 3, 3], chunks
    assert [chunk["truncated"] for chunk in chunks] == [True, True, False], chunks


async def pauses_resumes_and_cancels(socket):
    await good(socket, execute(4, "while :; do echo tick; sleep 0.05; done"))
    await until(socket, "process.output")
    assert await good(socket, control(5, "PAUSE")) == {"status": "paused"}
    paused = (await until(socket, "process.paused"))[-1]["params"]
    assert paused["status"] == "paused" and paused["pid"] == paused["pgid"], paused
    assert await good(socket, control(6, "RESUME")) == {"status": "resumed"}
    await until(socket, "process.resumed")
    await until(socket, "process.output")
    assert (await answer(socket, execute(7, "true")))["error"] == {
        "code": -32602,
        "message": "A process is already running",
    }
    assert await good(socket, control(8, "CANCEL")) == {"status": "canceled"}
    received = await until(socket, "process.completed")
    assert "process.canceled" in [m["method"] for m in received], received
    assert received[-1]["params"]["exit_code"] == -15, received

    # What is paused is canceled too.
    await good(socket, execute(9, "exec sleep 60"))
    await good(socket, control(10, "PAUSE"))
    await good(socket, control(11, "CANCEL"))
    received = await until(socket, "process.completed")
    assert received[-1]["params"]["exit_code"] == -15, received


async def hears_of_errors(socket):
    for text, code in (
        ("{not json", -32700),
        ("[1, 2]", -32600),
        ("7", -32600),
        (b"binary", -32600),
        ('{"method": 5, "id": 1}', -32600),
        ('{"method": "execute", "id": [1]}', -32600),
        ('{"method": "execute", "params": [], "id": 1}', -32602),
        ('{"method": "execute", "params": {}, "id": 1}', -32602),
        ('{"method": "execute", "params": {"command": " "}, "id": 1}', -32001),
        ('{"method": "control", "params": {"type": "HALT"}, "id": 1}', -32602),
    ):
        await socket.send(text)
        said = await receive(socket)
        assert said["error"]["code"] == code, (text, said)
    missing = {"jsonrpc": "2.0", "method": "nothing", "id": 12}
    assert (await answer(socket, missing))["error"] == {
        "code": -32601,
        "message": "Unknown method: nothing",
    }
    assert (await answer(socket, control(13, "PAUSE")))["error"] == {
        "code": -32002,
        "message": "No process is running",
    }
    hooks = {"method": "hook_status", "id": 14}
    assert (await answer(socket, hooks))["result"]["enabled"] is False
    # Nothing is said to a pong, and a request without an id is answered without one.
    await socket.send('{"jsonrpc": "2.0", "method": "pong"}')
    await socket.send('{"jsonrpc": "2.0", "method": "hook_status"}')
    said = await receive(socket)
    assert "id" not in said and said["result"]["enabled"] is False, said


async def leaves_nothing(socket):
    pid = (await good(socket, execute(15, "exec sleep 60")))["pid"]
    await socket.close()
    for _ in range(1000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("its process outlives the connection")


async def talk(address):
    socket = await connect(address)
    await executes_and_streams(socket)
    await pauses_resumes_and_cancels(socket)
    await hears_of_errors(socket)
    await leaves_nothing(socket)


for path in ("/ws", "/ws/mcp"):
    asyncio.run(talk("ws://127.0.0.1:" + sys.argv[1] + path))
    print("ok " + path)
