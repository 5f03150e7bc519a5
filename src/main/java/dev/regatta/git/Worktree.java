package dev.regatta.git;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A worktree that was made for somebody to change, and goes again.
 *
 * @param repository what it is a worktree of
 * @param place where it is
 * @param base the commit that it began with
 */
public record Worktree(Repository repository, Path place, String base) {
  private static final String NESTED = "160000 ";
  private static final List<String> OWN_REFS =
      List.of("refs/worktree/*", "refs/bisect/*", "refs/rewritten/*");

  /** Behind the colon and the old mode, as in {@code :100644 160000}. */
  private static final int NEW_MODE = 8;

  /** Whether git still knows it. */
  public boolean there() {
    return Files.exists(place.resolve(".git"));
  }

  /**
   * Keeps what was changed in it under a ref, commits and files that are in none, new ones too;
   * ignored files are not kept. Its index stays as it is.
   *
   * @param ref the ref's whole name
   * @return the commit; empty if nothing was changed, and then there is no ref
   * @throws GitProblem if that can't be done whole, for example with a repository inside it
   */
  public Optional<String> park(String ref, Map<String, String> environment) {
    Git git = new Git(place, environment);
    String head = git.say("rev-parse", "--verify", "HEAD^{commit}");
    String tree = tree(git, head);
    String commit = head;
    if (!tree.equals(git.say("rev-parse", head + "^{tree}"))) {
      commit =
          author(git).say("commit-tree", tree, "-p", head, "-m", "What was changed, as " + ref);
    }
    if (commit.equals(base)) {
      return Optional.empty();
    }
    // The empty old value: nothing that is there already is overwritten.
    git.say("update-ref", ref, commit, "");
    return Optional.of(commit);
  }

  /**
   * Keeps commits that were made in it and then left, as by checking the base out again: those that
   * its HEAD stood at by its reflog, and that no ref leads to. To be called after {@link #park}, as
   * what that kept needs no second ref.
   *
   * @param ref the ref's whole name
   * @return the commit: the only one that was left, or one whose parents are all of them; empty if
   *     none was left, and then there is no ref
   */
  public Optional<String> parkLeft(String ref, Map<String, String> environment) {
    Git git = new Git(place, environment);
    List<String> left = left(git);
    if (left.isEmpty()) {
      return Optional.empty();
    }
    String commit = left.size() == 1 ? left.getFirst() : together(git, left, ref);
    git.say("update-ref", ref, commit, "");
    return Optional.of(commit);
  }

  private List<String> left(Git git) {
    List<String> search = new ArrayList<>(List.of("rev-list", "--parents", "--ignore-missing"));
    git.say("log", "--walk-reflogs", "--format=%H", "HEAD").lines().distinct().forEach(search::add);
    search.addAll(List.of("--not", base));
    // These go with the worktree, so a commit that only they lead to is lost.
    OWN_REFS.forEach(own -> search.add("--exclude=" + own));
    search.add("--all");
    Set<String> commits = new LinkedHashSet<>();
    Set<String> parents = new HashSet<>();
    git.say(search.toArray(String[]::new))
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> List.of(line.split(" ")))
        .forEach(line -> {
          commits.add(line.getFirst());
          parents.addAll(line.subList(1, line.size()));
        });
    return commits.stream().filter(commit -> !parents.contains(commit)).toList();
  }

  private String together(Git git, List<String> left, String ref) {
    List<String> commit = new ArrayList<>(List.of("commit-tree", base + "^{tree}"));
    left.forEach(each -> commit.addAll(List.of("-p", each)));
    commit.addAll(List.of("-m", "What was committed and left, as " + ref));
    return author(git).say(commit.toArray(String[]::new));
  }

  /** All its files, written as a tree by way of an index of our own. */
  private String tree(Git git, String head) {
    Path index = Path.of(git.say("rev-parse", "--absolute-git-dir")).resolve("regatta-index");
    Git own = git.with("GIT_INDEX_FILE", index.toString());
    own.say("read-tree", head);
    own.say("add", "--all");
    refuseNested(own);
    return own.say("write-tree");
  }

  /**
   * Repositories within it: git keeps nothing of them but a commit's name, also where the agent
   * committed that. Those that were there are submodules, in which files may differ.
   */
  private void refuseNested(Git own) {
    boolean made =
        entries(own.say("diff-index", "--cached", "-z", "--ignore-submodules=none", base))
            .anyMatch(entry -> entry.startsWith(NESTED, NEW_MODE));
    if (made) {
      throw new GitProblem(
          "a repository was made within " + place + ", whose files git can't keep with the others");
    }
    String changed =
        entries(own.say("diff-files", "--name-only", "-z", "--ignore-submodules=none"))
            .collect(Collectors.joining(", "));
    if (!changed.isEmpty()) {
      throw new GitProblem(
          "files were changed in the repository "
              + changed
              + " within "
              + place
              + ", which git can't keep with the others");
    }
  }

  private static Stream<String> entries(String output) {
    return Arrays.stream(output.split("\0")).filter(entry -> !entry.isEmpty());
  }

  /** The user's name is theirs to put on commits. */
  private static Git author(Git git) {
    return git.with("GIT_AUTHOR_NAME", "regatta")
        .with("GIT_AUTHOR_EMAIL", "regatta@localhost")
        .with("GIT_COMMITTER_NAME", "regatta")
        .with("GIT_COMMITTER_EMAIL", "regatta@localhost");
  }

  /**
   * Removes it with all files in it; what is to stay was parked before.
   *
   * @throws GitProblem if git refuses
   */
  public void remove(Map<String, String> environment) {
    new Git(repository.root(), environment).say("worktree", "remove", "--force", place.toString());
  }
}
