package dev.regatta.doctor;

/** The programs that are looked for, and how each is installed. */
enum Tool {
  CLAUDE(
      "claude", "npm install -g @anthropic-ai/claude-code; rehearsals have an agent of their own"),
  CODEX("codex", "npm install -g @openai/codex"),
  GEMINI("gemini", "npm install -g @google/gemini-cli"),
  GIT("git", "install git with the system's package manager (https://git-scm.com/downloads)"),
  NPM("npm", "install Node.js, which has it (https://nodejs.org)");

  private final String program;
  private final String install;

  Tool(String program, String install) {
    this.program = program;
    this.install = install;
  }

  String program() {
    return program;
  }

  String install() {
    return install;
  }

  /** What it means that it is not there. */
  Diagnosis missing() {
    return switch (this) {
      case CLAUDE, GIT -> Diagnosis.TOOL_MISSING;
      case CODEX, GEMINI, NPM -> Diagnosis.TOOL_ABSENT;
    };
  }

  /** What it means that it is there and does not run. */
  Diagnosis broken() {
    return switch (this) {
      case CLAUDE, CODEX, GEMINI, GIT -> Diagnosis.TOOL_BROKEN;
      case NPM -> Diagnosis.NPM_BROKEN;
    };
  }
}
