package dev.regatta.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The functions of the GNU C library that starting and watching children needs, on Linux with 64
 * bits. Names, arguments and results are those of the manual pages; a failure comes back as the
 * negative error number.
 */
final class Libc {
  static final int EINTR = 4;
  static final int E2BIG = 7;
  static final int ENOEXEC = 8;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int ETXTBSY = 26;
  static final int ENOENT = 2;
  static final int ESRCH = 3;
  static final int EPERM = 1;

  static final int O_CLOEXEC = 0x80000;
  static final int O_NONBLOCK = 0x800;
  static final int WNOHANG = 1;
  static final int POSIX_SPAWN_SETSIGDEF = 0x04;
  static final int POSIX_SPAWN_SETSIGMASK = 0x08;
  static final int POSIX_SPAWN_SETSID = 0x80;
  static final int EPOLLIN = 1;
  static final int EPOLL_CTL_ADD = 1;
  static final int EPOLL_CTL_DEL = 2;
  static final int EPOLL_CTL_MOD = 3;
  private static final int F_SETFL = 4;
  private static final int PR_SET_DUMPABLE = 4;
  private static final int PR_SET_CHILD_SUBREAPER = 36;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBRARY = LINKER.defaultLookup();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
  private static final AddressLayout POINTER = ADDRESS;

  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CALL_STATE));

  // Each handle costs about a millisecond to link; only those that every start needs are here.
  private static final MethodHandle PIPE2 =
      capturing("pipe2", FunctionDescriptor.of(JAVA_INT, POINTER, JAVA_INT));
  private static final MethodHandle FCNTL =
      LINKER.downcallHandle(
          LIBRARY.findOrThrow("fcntl"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      plain("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle READ =
      capturing("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, POINTER, JAVA_LONG));
  private static final MethodHandle KILL =
      capturing("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle WAIT4 =
      capturing("wait4", FunctionDescriptor.of(JAVA_INT, JAVA_INT, POINTER, JAVA_INT, POINTER));
  private static final MethodHandle SYSCALL_PIDFD_OPEN =
      capturing("pidfd_open", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle EPOLL_WAIT =
      capturing(
          "epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, POINTER, JAVA_INT, JAVA_INT));
  private static final MethodHandle EPOLL_CTL =
      capturing(
          "epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, POINTER));
  private static final MethodHandle SPAWN =
      plain(
          "posix_spawn",
          FunctionDescriptor.of(JAVA_INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER));
  private static final MethodHandle ACTIONS_INIT =
      plain("posix_spawn_file_actions_init", FunctionDescriptor.of(JAVA_INT, POINTER));
  private static final MethodHandle ACTIONS_DESTROY =
      plain("posix_spawn_file_actions_destroy", FunctionDescriptor.of(JAVA_INT, POINTER));
  private static final MethodHandle ACTIONS_DUP2 =
      plain(
          "posix_spawn_file_actions_adddup2",
          FunctionDescriptor.of(JAVA_INT, POINTER, JAVA_INT, JAVA_INT));
  private static final MethodHandle ACTIONS_CLOSE_FROM =
      plain(
          "posix_spawn_file_actions_addclosefrom_np",
          FunctionDescriptor.of(JAVA_INT, POINTER, JAVA_INT));
  private static final MethodHandle ACTIONS_CHDIR =
      plain(
          "posix_spawn_file_actions_addchdir_np",
          FunctionDescriptor.of(JAVA_INT, POINTER, POINTER));

  private Libc() {}

  private static MethodHandle plain(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LIBRARY.findOrThrow(name), descriptor);
  }

  private static MethodHandle capturing(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LIBRARY.findOrThrow(name), descriptor, CAPTURE);
  }

  /** Whether this C library has all that is needed; the young ones are looked up by name. */
  static boolean present() {
    return LIBRARY.find("posix_spawn_file_actions_addclosefrom_np").isPresent()
        && LIBRARY.find("posix_spawn_file_actions_addchdir_np").isPresent()
        && LIBRARY.find("pidfd_open").isPresent();
  }

  static int pipe2(MemorySegment pair, int flags) {
    try {
      MemorySegment state = STATE.get();
      return orErrno((int) PIPE2.invokeExact(state, pair, flags), state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static void nonBlocking(int descriptor) {
    try {
      int _ = (int) FCNTL.invokeExact(descriptor, F_SETFL, O_NONBLOCK);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static void close(int descriptor) {
    try {
      int _ = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long read(int descriptor, MemorySegment buffer, long size) {
    try {
      MemorySegment state = STATE.get();
      long result = (long) READ.invokeExact(state, descriptor, buffer, size);
      return result < 0 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int kill(int pid, int signal) {
    try {
      MemorySegment state = STATE.get();
      return orErrno((int) KILL.invokeExact(state, pid, signal), state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int wait4(int pid, MemorySegment status, int options, MemorySegment usage) {
    try {
      MemorySegment state = STATE.get();
      return orErrno((int) WAIT4.invokeExact(state, pid, status, options, usage), state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int pidfdOpen(int pid) {
    try {
      MemorySegment state = STATE.get();
      return orErrno((int) SYSCALL_PIDFD_OPEN.invokeExact(state, pid, 0), state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int epollWait(int epoll, MemorySegment events, int size, int timeoutMillis) {
    try {
      MemorySegment state = STATE.get();
      return orErrno(
          (int) EPOLL_WAIT.invokeExact(state, epoll, events, size, timeoutMillis), state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int epollCtl(int epoll, int operation, int descriptor, MemorySegment event) {
    try {
      MemorySegment state = STATE.get();
      return orErrno(
          (int) EPOLL_CTL.invokeExact(state, epoll, operation, descriptor, event), state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** The result of posix_spawn is the error number itself, not errno. */
  static int posixSpawn(
      MemorySegment pid,
      MemorySegment path,
      MemorySegment actions,
      MemorySegment attributes,
      MemorySegment arguments,
      MemorySegment environment) {
    try {
      return (int) SPAWN.invokeExact(pid, path, actions, attributes, arguments, environment);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static void actionsInit(MemorySegment actions) {
    try {
      int _ = (int) ACTIONS_INIT.invokeExact(actions);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static void actionsDestroy(MemorySegment actions) {
    try {
      int _ = (int) ACTIONS_DESTROY.invokeExact(actions);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static void actionsDup2(MemorySegment actions, int from, int to) {
    try {
      int _ = (int) ACTIONS_DUP2.invokeExact(actions, from, to);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static void actionsCloseFrom(MemorySegment actions, int first) {
    try {
      int _ = (int) ACTIONS_CLOSE_FROM.invokeExact(actions, first);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static void actionsChdir(MemorySegment actions, MemorySegment folder) {
    try {
      int _ = (int) ACTIONS_CHDIR.invokeExact(actions, folder);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int epollCreate() {
    return callOnce("epoll_create1", O_CLOEXEC);
  }

  static int eventDescriptor() {
    return callOnce("eventfd", 0, O_CLOEXEC | O_NONBLOCK);
  }

  /** Makes this process the parent of every orphan among its descendants (prctl(2)). */
  static int becomeSubreaper() {
    return prctl(PR_SET_CHILD_SUBREAPER, 1);
  }

  /** Other processes of this user may no longer look into this one's memory and environment. */
  static int forbidLooking() {
    return prctl(PR_SET_DUMPABLE, 0);
  }

  private static int prctl(int option, long argument) {
    MethodHandle prctl =
        LINKER.downcallHandle(
            LIBRARY.findOrThrow("prctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            CAPTURE,
            Linker.Option.firstVariadicArg(1));
    try {
      MemorySegment state = STATE.get();
      return orErrno((int) prctl.invokeExact(state, option, argument, 0L, 0L, 0L), state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int openNull() {
    MethodHandle open =
        LINKER.downcallHandle(
            LIBRARY.findOrThrow("open"),
            FunctionDescriptor.of(JAVA_INT, POINTER, JAVA_INT),
            CAPTURE,
            Linker.Option.firstVariadicArg(2));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = STATE.get();
      return orErrno(
          (int) open.invokeExact(state, arena.allocateFrom("/dev/null"), O_CLOEXEC), state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** A file in memory that holds these bytes, positioned at its start; a descriptor. */
  static int memoryFile(byte[] content) {
    MethodHandle create =
        capturing("memfd_create", FunctionDescriptor.of(JAVA_INT, POINTER, JAVA_INT));
    MethodHandle pwrite =
        capturing(
            "pwrite", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, POINTER, JAVA_LONG, JAVA_LONG));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = STATE.get();
      int descriptor =
          orErrno((int) create.invokeExact(state, arena.allocateFrom("regatta-input"), 1), state);
      MemorySegment bytes = arena.allocate(Math.max(1, content.length));
      MemorySegment.copy(content, 0, bytes, ValueLayout.JAVA_BYTE, 0, content.length);
      long done = 0;
      while (descriptor >= 0 && done < content.length) {
        long written =
            (long)
                pwrite.invokeExact(
                    state, descriptor, bytes.asSlice(done), content.length - done, done);
        if (written < 0) {
          int error = (int) ERRNO.get(state, 0L);
          close(descriptor);
          return -error;
        }
        done += written;
      }
      return descriptor;
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static void wake(int eventDescriptor) {
    MethodHandle write =
        capturing("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, POINTER, JAVA_LONG));
    try (Arena arena = Arena.ofConfined()) {
      long _ =
          (long)
              write.invokeExact(
                  STATE.get(), eventDescriptor, arena.allocateFrom(JAVA_LONG, 1L), 8L);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** Spawn attributes: own session, all signals at their defaults, none blocked. */
  static MemorySegment spawnAttributes(Arena arena) {
    MemorySegment attributes = arena.allocate(512, 8);
    MemorySegment all = arena.allocate(128, 8);
    MemorySegment none = arena.allocate(128, 8);
    callPointer("posix_spawnattr_init", attributes);
    callPointer("sigfillset", all);
    callPointers("posix_spawnattr_setsigdefault", attributes, all);
    callPointers("posix_spawnattr_setsigmask", attributes, none);
    MethodHandle setFlags =
        plain(
            "posix_spawnattr_setflags",
            FunctionDescriptor.of(JAVA_INT, POINTER, ValueLayout.JAVA_SHORT));
    try {
      int _ =
          (int)
              setFlags.invokeExact(
                  attributes,
                  (short) (POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK));
    } catch (Throwable e) {
      throw broken(e);
    }
    return attributes;
  }

  private static void callPointer(String name, MemorySegment argument) {
    try {
      int _ = (int) plain(name, FunctionDescriptor.of(JAVA_INT, POINTER)).invokeExact(argument);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  private static void callPointers(String name, MemorySegment first, MemorySegment second) {
    try {
      int _ =
          (int)
              plain(name, FunctionDescriptor.of(JAVA_INT, POINTER, POINTER))
                  .invokeExact(first, second);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  private static int callOnce(String name, int argument) {
    try {
      MemorySegment state = STATE.get();
      return orErrno(
          (int)
              capturing(name, FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                  .invokeExact(state, argument),
          state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  private static int callOnce(String name, int first, int second) {
    try {
      MemorySegment state = STATE.get();
      return orErrno(
          (int)
              capturing(name, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT))
                  .invokeExact(state, first, second),
          state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  private static int orErrno(int result, MemorySegment state) {
    return result < 0 ? -(int) ERRNO.get(state, 0L) : result;
  }

  /** Calls through the foreign-function API declare Throwable; none can come from C. */
  private static IllegalStateException broken(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("a call into the C library failed", e);
  }
}
