package dev.regatta.git;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The work tree of a git repository, and the place within it that somebody works in.
 *
 * @param root the work tree
 * @param within where the folder lies below that; empty for the work tree itself
 */
public record Repository(Path root, Path within) {

  /**
   * The work tree that a folder lies in; empty if it lies in none.
   *
   * @param environment this process's environment
   * @throws GitProblem if there is one and git can't or won't read it
   */
  public static Optional<Repository> around(Path folder, Map<String, String> environment) {
    if (!marked(folder.toAbsolutePath())) {
      return Optional.empty();
    }
    Git git = new Git(folder, environment);
    Git.Ended found = git.call("rev-parse", "--show-toplevel");
    if (!found.well()) {
      // Also within .git itself, and in a bare repository: there is nothing to work in.
      if (found.error().contains("not a git repository")
          || found.error().contains("must be run in a work tree")) {
        return Optional.empty();
      }
      throw git.problem(found, "rev-parse");
    }
    String prefix = git.say("rev-parse", "--show-prefix");
    return Optional.of(new Repository(Path.of(found.output().strip()), Path.of(prefix)));
  }

  /** Git need not be there where nothing is its own. */
  private static boolean marked(Path folder) {
    for (Path at = folder; at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(".git"))) {
        return true;
      }
    }
    return false;
  }

  /**
   * The commit that is checked out.
   *
   * @throws GitProblem in a repository without one
   */
  public String commit(Map<String, String> environment) {
    Git.Ended ended =
        new Git(root, environment).call("rev-parse", "--verify", "--quiet", "HEAD^{commit}");
    if (!ended.well()) {
      throw new GitProblem(
          "the repository "
              + root
              + " has no commit yet, from which anything could start: commit something first");
    }
    return ended.output().strip();
  }

  /** Whether files differ from that commit, new ones included, ignored ones not. */
  public boolean changed(Map<String, String> environment) {
    Git git = new Git(root, environment).with("GIT_OPTIONAL_LOCKS", "0");
    Git.Ended status = git.call("status", "--porcelain", "-z");
    if (!status.well()) {
      throw git.problem(status, "status");
    }
    return !status.output().isEmpty();
  }

  /**
   * Makes a worktree on no branch. Two at once have been seen to be in each other's way, so the
   * caller makes one after another.
   *
   * @param place a folder that is empty or not there
   * @param commit what is checked out
   * @throws GitProblem if git refuses
   */
  public Worktree worktree(Path place, String commit, Map<String, String> environment) {
    // Its reflog is how commits are found that were made in it and left: git goes on with one that
    // is there, also where the user's configuration says to make none.
    new Git(root, environment)
        .say(
            "-c",
            "core.logAllRefUpdates=true",
            "worktree",
            "add",
            "--quiet",
            "--detach",
            place.toString(),
            commit);
    return new Worktree(this, place, commit);
  }
}
