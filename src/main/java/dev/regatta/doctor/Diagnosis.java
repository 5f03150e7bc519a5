package dev.regatta.doctor;

import java.util.Map;

/**
 * Everything the doctor can say: the id, the status, when it is said and what helps. {@code
 * docs/doctor.md} has the same table. Words in angle brackets stand for what a finding is about.
 */
enum Diagnosis {
  TOOL_FOUND("tool.<name>", Status.OK, "the program is on the PATH and says its version", ""),
  TOOL_MISSING("tool.<name>", Status.WARN, "`claude` or `git` is not on the PATH", "<install>"),
  TOOL_ABSENT(
      "tool.<name>",
      Status.INFO,
      "`codex`, `gemini` or `npm` is not on the PATH",
      "nothing, unless you want it: <install>"),
  TOOL_BROKEN(
      "tool.<name>",
      Status.FAIL,
      "`claude`, `codex`, `gemini` or `git` is there and cannot be run, or fails to say its"
          + " version",
      "make it run, or install it again: <install>"),
  NPM_BROKEN(
      "tool.npm",
      Status.INFO,
      "`npm` is there and cannot be run",
      "nothing, unless you want it: <install>"),
  TOOL_SLOW(
      "tool.<name>",
      Status.WARN,
      "the program did not say its version within 3 s (9 s at a load of 14 or more)",
      "run `<name> --version` yourself; if that hangs too, install it again: <install>"),
  JAVA("tool.java", Status.OK, "always: the JDK that Regatta runs on", ""),

  CORES("machine.cores", Status.OK, "always: how many cores there are", ""),
  MEMORY("machine.memory", Status.OK, "1 GiB of memory or more is available", ""),
  MEMORY_SHORT(
      "machine.memory",
      Status.WARN,
      "less than 1 GiB of memory is available",
      "close programs, or run fewer agents at once (--parallel): each takes about 280 MB"),
  MEMORY_UNKNOWN(
      "machine.memory",
      Status.INFO,
      "the system does not say how much is available",
      "nothing; an agent takes about 280 MB"),
  LOAD("machine.load", Status.OK, "the load is below 5", ""),
  LOAD_HIGH(
      "machine.load",
      Status.WARN,
      "the load is from 5 to 14: measured times are longer than the agents' own",
      "wait until the machine is quieter before you measure"),
  LOAD_BUSY(
      "machine.load",
      Status.WARN,
      "the load is 14 or more: time limits are tripled",
      "wait until the machine is quieter; limits are the usual ones again below 14"),
  LOAD_UNKNOWN(
      "machine.load",
      Status.INFO,
      "the system does not say its load",
      "nothing; time limits are the usual ones"),
  GPU("machine.gpu", Status.INFO, "`nvidia-smi` is on the PATH: the use of each GPU", ""),
  GPU_ABSENT("machine.gpu", Status.INFO, "there is no `nvidia-smi` on the PATH", ""),
  GPU_UNREADABLE(
      "machine.gpu",
      Status.WARN,
      "`nvidia-smi` is there and fails, hangs or prints something else",
      "run `nvidia-smi` yourself; mostly the driver has to be loaded or updated"),

  CREDENTIAL("credential.<name>", Status.OK, "it is set; not asked whether it is accepted", ""),
  CREDENTIAL_UNUSABLE(
      "credential.<name>",
      Status.FAIL,
      "it was named and is not set, or what is set is no token",
      "set <name> to one token without blanks, or leave it out"),
  CREDENTIAL_FILE(
      "credential.file",
      Status.FAIL,
      "the file given with --token-file is not there, open to others or not of lines NAME=value",
      "make it a file of lines NAME=value that only you can read (chmod 600)"),
  CREDENTIAL_NONE(
      "credential.none",
      Status.WARN,
      "no credential was found",
      "set CLAUDE_CODE_TOKEN, CLAUDE_CODE_TOKEN1, …, or OPENAI_API_KEY or GEMINI_API_KEY for those"
          + " agents, or name yours with --token; a rehearsal needs none"),
  CREDENTIAL_SAME(
      "credential.same",
      Status.FAIL,
      "two names have the same value",
      "leave one out, or give each a token of its own: a run refuses them together"),
  CREDENTIAL_UNUSED(
      "credential.unused",
      Status.INFO,
      "a variable of the agents' own holds a credential, which is used only when it is named",
      "nothing, or name it: --token <name>"),
  ENDPOINT_IGNORED(
      "credential.endpoint",
      Status.WARN,
      "ANTHROPIC_BASE_URL, OPENAI_BASE_URL or GOOGLE_GEMINI_BASE_URL is set: tokens are not sent"
          + " there",
      "nothing if you meant the provider; --base-url URL sends tokens elsewhere"),
  ENDPOINT_OPEN(
      "credential.endpoint",
      Status.WARN,
      "--base-url is another machine and not https: tokens went there readable for others",
      "use an https address, and replace the tokens if the network is not yours"),

  ACCEPTED("credential.<name>.online", Status.OK, "the provider accepts it", ""),
  REFUSED(
      "credential.<name>.online",
      Status.FAIL,
      "the provider refuses it (401, or 403 for an API key)",
      "set <name> to a fresh one: `claude setup-token` makes an OAuth token, the provider's"
          + " console an API key"),
  NOT_ALLOWED(
      "credential.<name>.online",
      Status.WARN,
      "an OAuth token may not list models (403), which says nothing about running agents",
      "try it with an agent: regatta prove --token <name>"),
  LIMITED(
      "credential.<name>.online",
      Status.WARN,
      "it is at its limit (429)",
      "wait, or use another credential; a run rests it until the provider's time"),
  PROVIDER_FAILED(
      "credential.<name>.online",
      Status.WARN,
      "the provider failed (5xx, 529)",
      "try again in a while; it is not the credential's fault"),
  UNREACHABLE(
      "credential.<name>.online",
      Status.FAIL,
      "no connection, no answer in 5 s (15 s at a load of 14 or more), or broken TLS",
      "check the network, the address and its certificate; this call uses no proxy"),
  REDIRECTED(
      "credential.<name>.online",
      Status.FAIL,
      "the address answers with a redirect, which is never followed: the credential would go along",
      "check the address given with --base-url, or log in to the network you are in"),
  NOT_THE_API(
      "credential.<name>.online",
      Status.FAIL,
      "something answers, and not as the models API does",
      "check the address given with --base-url; it must be one that speaks the provider's API"),

  SESSION("containment.session", Status.OK, "each child leads a session of its own", ""),
  PIDFD("containment.pidfd", Status.OK, "ends of children are watched through pidfds", ""),
  PIDFD_ABSENT(
      "containment.pidfd",
      Status.FAIL,
      "the kernel refuses pidfds, so no agent can be started",
      "use Linux 5.3 or later, and let the container's seccomp profile allow pidfd_open"),
  SUBREAPER("containment.subreaper", Status.OK, "orphans of agents become children of ours", ""),
  SUBREAPER_ABSENT(
      "containment.subreaper",
      Status.WARN,
      "the kernel refuses to make us a subreaper",
      "let the container's seccomp profile allow prctl(PR_SET_CHILD_SUBREAPER)"),
  CGROUP("containment.cgroup", Status.OK, "a cgroup v2 can be made for each run", ""),
  CGROUP_OLD(
      "containment.cgroup",
      Status.INFO,
      "a cgroup v2 can be made, and not be stopped as a whole",
      "use Linux 5.14 or later, which has cgroup.kill"),
  CGROUP_ABSENT(
      "containment.cgroup",
      Status.INFO,
      "no cgroup v2 can be made here",
      "nothing, or start it in a scope of your own: systemd-run --user --scope -p Delegate=yes"
          + " regatta …"),
  NO_CONTAINMENT(
      "containment.none",
      Status.WARN,
      "the system has no launcher of ours (it is not a 64-bit Linux with a recent glibc)",
      "run agents on Linux where it matters that nothing is left behind"),
  LEFTOVERS_NONE("containment.leftovers", Status.OK, "no run was left by a kill", ""),
  LEFTOVERS(
      "containment.leftovers",
      Status.WARN,
      "the orchestrator of a run was killed, and nobody cleared up yet",
      "regatta runs clears up and says what it found"),

  DISK("disk", Status.OK, "1 GiB or more is free where `.regatta` is", ""),
  DISK_LOW(
      "disk",
      Status.WARN,
      "less than 1 GiB is free",
      "free some, or keep runs elsewhere with --home DIR"),
  DISK_FULL(
      "disk",
      Status.FAIL,
      "less than 100 MiB is free",
      "free some, or keep runs elsewhere with --home DIR"),
  DISK_UNKNOWN("disk", Status.INFO, "the system does not say how much is free", ""),
  FOLDER("folder", Status.OK, "`.regatta` is there, writable, and its owner's alone", ""),
  FOLDER_NEW("folder", Status.OK, "there is none yet; the first run can make it", ""),
  FOLDER_OPEN("folder", Status.WARN, "`.regatta` can be read by others", "chmod 700 <folder>"),
  FOLDER_UNUSABLE(
      "folder",
      Status.FAIL,
      "`.regatta` is no folder, or cannot be written or made",
      "make it a folder that you can write, or name another with --home DIR"),
  PORT_FREE("port", Status.OK, "the model server of a rehearsal can listen on loopback", ""),
  PORT_REFUSED(
      "port",
      Status.WARN,
      "the system lets us listen on no port of loopback, so rehearsals cannot be made",
      "allow this program to listen on 127.0.0.1; only rehearsals need it"),

  UNANSWERED(
      "<check>",
      Status.WARN,
      "a check gave no answer in time, as a hanging network folder does",
      "look at it yourself; the other findings do not depend on it");

  private final String id;
  private final Status status;
  private final String when;
  private final String fix;

  Diagnosis(String id, Status status, String when, String fix) {
    this.id = id;
    this.status = status;
    this.when = when;
    this.fix = fix;
  }

  String id() {
    return id;
  }

  Status status() {
    return status;
  }

  /** When it is said, for the reference page. */
  String when() {
    return when;
  }

  String fix() {
    return fix;
  }

  /** The finding, of something there is only one of. */
  Finding says(String found) {
    return about(Map.of(), found);
  }

  /** The finding, with what its words in angle brackets stand for. */
  Finding about(Map<String, String> words, String found) {
    String help = fill(fix, words);
    return new Finding(fill(id, words), status, found, help.isEmpty() ? null : help);
  }

  private static String fill(String text, Map<String, String> words) {
    String filled = text;
    for (Map.Entry<String, String> word : words.entrySet()) {
      filled = filled.replace("<" + word.getKey() + ">", word.getValue());
    }
    return filled;
  }
}
