"""A server that knows only the older protocol: one process a connection, no ids, no limits of its own."""
import asyncio, json, os, signal, sys
import websockets

async def serve(socket, path=None):
    process = None

    async def say(message):
        await socket.send(json.dumps(message))

    async def notice(method, **params):
        await say({"jsonrpc": "2.0", "method": method, "params": params})

    async def follow(started):
        async for line in started.stdout:
            await notice("process.output", type="stdout", data=line.decode(), truncated=False)
        code = await started.wait()
        await notice("process.completed", status="completed" if code == 0 else "failed",
                     pid=started.pid, pgid=started.pid, exit_code=code)

    await notice("connected", session_id="old", version="1.0.0", capabilities=["execute", "control", "stream"])
    try:
        async for text in socket:
            request = json.loads(text)
            answer = {"jsonrpc": "2.0", "id": request.get("id")}
            params = request.get("params") or {}
            if request["method"] == "execute" and "id" in params:
                answer["error"] = {"code": -32602, "message": "unexpected parameter id"}
            elif request["method"] == "execute":
                process = await asyncio.create_subprocess_shell(
                    params["command"], stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.STDOUT, start_new_session=True)
                answer["result"] = {"status": "started", "pid": process.pid, "pgid": process.pid}
                await say(answer)
                await notice("process.started", status="started", pid=process.pid, pgid=process.pid)
                asyncio.create_task(follow(process))
                continue
            elif request["method"] == "control":
                os.killpg(process.pid, signal.SIGTERM)
                answer["result"] = {"status": "canceled"}
            else:
                answer["error"] = {"code": -32601, "message": "Unknown method: " + request["method"]}
            await say(answer)
    except websockets.exceptions.ConnectionClosed:
        pass
    finally:
        if process and process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)

async def main():
    async with websockets.serve(serve, "127.0.0.1", 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.sleep(float(sys.argv[1]))

asyncio.run(main())
