package dev.regatta.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real git, in repositories of the test's own. */
class WorktreeTest {
  private static final String REF = "refs/regatta/ask/run/1";

  @TempDir Path folder;
  private Path project;
  private Map<String, String> environment;

  @BeforeEach
  void makeRepository() throws IOException {
    project = Files.createDirectories(folder.resolve("project"));
    environment =
        Map.of(
            "PATH",
            System.getenv("PATH"),
            "HOME",
            folder.toString(),
            // What a hook of git's sets must not lead elsewhere.
            "GIT_DIR",
            "/nowhere",
            "GIT_INDEX_FILE",
            "/nowhere/index");
    git("init", "--quiet", "--initial-branch=main");
    git("config", "user.name", "somebody");
    git("config", "user.email", "somebody@example.org");
    Files.writeString(project.resolve("file"), "one\n");
    Files.writeString(project.resolve(".gitignore"), "ignored\n");
    git("add", ".");
    git("commit", "--quiet", "-m", "first");
  }

  private String git(String... arguments) {
    return new Git(project, environment).say(arguments);
  }

  private Repository repository() {
    return Repository.around(project, environment).orElseThrow();
  }

  private Worktree worktree() {
    return repository()
        .worktree(folder.resolve("scratch"), repository().commit(environment), environment);
  }

  @Test
  void aFolderInNoRepositoryHasNone() throws IOException {
    Path plain = Files.createDirectories(folder.resolve("plain"));
    assertThat(Repository.around(plain, environment)).isEmpty();
    assertThat(Repository.around(project.resolve(".git"), environment)).isEmpty();
  }

  @Test
  void theFolderWithinAWorkTreeIsKnown() throws IOException {
    Path deep = Files.createDirectories(project.resolve("a/b"));
    Repository found = Repository.around(deep, environment).orElseThrow();
    assertThat(found.root()).isEqualTo(project.toRealPath());
    assertThat(found.within()).isEqualTo(Path.of("a/b"));
    assertThat(repository().within()).isEqualTo(Path.of(""));
  }

  @Test
  void aRepositoryWithoutACommitIsRefusedWithWhatToDo() {
    Path empty = folder.resolve("empty");
    new Git(folder, environment).say("init", "--quiet", empty.toString());
    Repository found = Repository.around(empty, environment).orElseThrow();
    assertThatThrownBy(() -> found.commit(environment))
        .isInstanceOf(GitProblem.class)
        .hasMessageContaining("has no commit yet")
        .hasMessageContaining("commit something first");
  }

  @Test
  void whatIsNotCommittedIsSeen() throws IOException {
    assertThat(repository().changed(environment)).isFalse();
    Files.writeString(project.resolve("ignored"), "");
    assertThat(repository().changed(environment)).isFalse();
    Files.writeString(project.resolve("new"), "");
    assertThat(repository().changed(environment)).isTrue();
  }

  @Test
  void aWorktreeInWhichNothingWasChangedLeavesNothing() throws IOException {
    String config = Files.readString(project.resolve(".git/config"));
    Worktree worktree = worktree();
    assertThat(worktree.place().resolve("file")).hasContent("one");
    Files.writeString(worktree.place().resolve("ignored"), "a build's output");
    assertThat(worktree.park(REF, environment)).isEmpty();
    worktree.remove(environment);
    assertThat(worktree.place()).doesNotExist();
    assertThat(git("for-each-ref", "refs/regatta")).isEmpty();
    assertThat(git("worktree", "list").lines()).hasSize(1);
    assertThat(git("branch", "--list").lines()).hasSize(1);
    assertThat(project.resolve(".git/config")).hasContent(config);
  }

  @Test
  void changedNewAndCommittedFilesAreAllUnderTheRef() throws IOException {
    Worktree worktree = worktree();
    Path place = worktree.place();
    Git inside = new Git(place, environment);
    Files.writeString(place.resolve("committed"), "by the agent\n");
    inside.say("add", "committed");
    inside.say("commit", "--quiet", "-m", "its own");
    Files.writeString(place.resolve("file"), "two\n");
    Files.writeString(place.resolve("a\nname"), "new\n");
    String commit = worktree.park(REF, environment).orElseThrow();
    assertThat(inside.say("status", "--porcelain"))
        .as("its index is as it was")
        .startsWith("M file");
    worktree.remove(environment);
    assertThat(git("rev-parse", REF)).isEqualTo(commit);
    assertThat(git("show", REF + ":committed")).isEqualTo("by the agent");
    assertThat(git("show", REF + ":file")).isEqualTo("two");
    assertThat(git("show", REF + ":a\nname")).isEqualTo("new");
    assertThat(git("log", "--format=%an", "-1", REF)).isEqualTo("regatta");
    assertThat(git("rev-parse", "HEAD"))
        .as("nothing of the user's moved")
        .isEqualTo(worktree.base());
  }

  @Test
  void aCommitAloneIsKeptToo() throws IOException {
    Worktree worktree = worktree();
    Git inside = new Git(worktree.place(), environment);
    inside.say("rm", "--quiet", "file");
    inside.say("commit", "--quiet", "-m", "gone");
    assertThat(worktree.park(REF, environment)).contains(inside.say("rev-parse", "HEAD"));
  }

  /**
   * The agent's own configuration may make no reflogs, and its commits must be found all the same.
   */
  @Test
  void aCommitThatWasLeftForTheBaseIsKeptUnderAnotherRef() throws IOException {
    git("config", "core.logAllRefUpdates", "false");
    Worktree worktree = worktree();
    String left = committed(worktree, "left");
    new Git(worktree.place(), environment).say("checkout", "--quiet", worktree.base());
    assertThat(worktree.park(REF, environment)).isEmpty();
    assertThat(worktree.parkLeft(REF + "-left", environment)).contains(left);
    worktree.remove(environment);
    assertThat(git("show", REF + "-left:left")).isEqualTo("by the agent");
    assertThat(git("for-each-ref", "--format=%(refname)", "refs/regatta")).isEqualTo(REF + "-left");
  }

  @Test
  void severalCommitsThatWereLeftAreAllReachedFromOneRef() throws IOException {
    Worktree worktree = worktree();
    Git inside = new Git(worktree.place(), environment);
    String one = committed(worktree, "one");
    String onTop = committed(worktree, "onTop");
    inside.say("reset", "--hard", "--quiet", worktree.base());
    String other = committed(worktree, "other");
    inside.say("update-ref", "refs/worktree/mine", other);
    inside.say("checkout", "--quiet", worktree.base());
    String kept = committed(worktree, "kept");
    assertThat(worktree.park(REF, environment)).contains(kept);
    worktree.parkLeft(REF + "-left", environment).orElseThrow();
    worktree.remove(environment);
    assertThat(git("rev-parse", REF + "-left^@").lines()).containsExactlyInAnyOrder(onTop, other);
    assertThat(git("rev-list", REF + "-left").lines()).contains(one).doesNotContain(kept);
  }

  @Test
  void nothingIsKeptTwice() throws IOException {
    Worktree worktree = worktree();
    committed(worktree, "one");
    new Git(worktree.place(), environment).say("branch", "its-own");
    new Git(worktree.place(), environment).say("checkout", "--quiet", worktree.base());
    committed(worktree, "two");
    worktree.park(REF, environment).orElseThrow();
    assertThat(worktree.parkLeft(REF + "-left", environment)).isEmpty();
  }

  private String committed(Worktree worktree, String file) throws IOException {
    Git inside = new Git(worktree.place(), environment);
    Files.writeString(worktree.place().resolve(file), "by the agent\n");
    inside.say("add", file);
    inside.say("commit", "--quiet", "-m", file);
    return inside.say("rev-parse", "HEAD");
  }

  @Test
  void aRefThatIsThereIsNotOverwritten() throws IOException {
    git("update-ref", REF, "HEAD");
    Worktree worktree = worktree();
    Files.writeString(worktree.place().resolve("file"), "two\n");
    assertThatThrownBy(() -> worktree.park(REF, environment)).isInstanceOf(GitProblem.class);
    assertThat(git("show", REF + ":file")).isEqualTo("one");
  }

  @Test
  void aRepositoryThatWasMadeWithinCannotBeKeptSoNothingIsRemoved() throws IOException {
    Worktree worktree = worktree();
    Path nested = repositoryIn(worktree.place().resolve("nested"));
    assertThatThrownBy(() -> worktree.park(REF, environment))
        .isInstanceOf(GitProblem.class)
        .hasMessageContaining("a repository was made within");
    assertThat(nested.resolve("work")).exists();
  }

  @Test
  void aRepositoryWithinThatWasCommittedIsNotRemovedEither() throws IOException {
    Worktree worktree = worktree();
    Path nested = repositoryIn(worktree.place().resolve("nested"));
    Git inside = new Git(worktree.place(), environment);
    inside.say("add", "nested");
    inside.say("commit", "--quiet", "-m", "of the other only its commit's name");
    assertThatThrownBy(() -> worktree.park(REF, environment))
        .isInstanceOf(GitProblem.class)
        .hasMessageContaining("a repository was made within");
    assertThat(nested.resolve("work")).exists();
  }

  @Test
  void aRepositoryWithinIsSeenBehindMoreFilesThanFitIntoOneOutput() throws IOException {
    Path many = Files.createDirectories(project.resolve("a".repeat(200)).resolve("b".repeat(200)));
    for (int i = 0; i < 10_000; i++) {
      Files.createFile(many.resolve("file-" + i));
    }
    git("add", ".");
    git("commit", "--quiet", "-m", "many");
    Worktree worktree = worktree();
    repositoryIn(worktree.place().resolve("nested"));
    assertThatThrownBy(() -> worktree.park(REF, environment))
        .isInstanceOf(GitProblem.class)
        .hasMessageContaining("a repository was made within");
  }

  @Test
  void moreChangesThanCanBeLookedThroughAreNotRemoved() throws IOException {
    Worktree worktree = worktree();
    Path many =
        Files.createDirectories(worktree.place().resolve("a".repeat(200)).resolve("b".repeat(200)));
    for (int i = 0; i < 10_000; i++) {
      Files.createFile(many.resolve("file-" + i));
    }
    assertThatThrownBy(() -> worktree.park(REF, environment))
        .isInstanceOf(GitProblem.class)
        .hasMessageContaining("printed more than 4 MiB");
  }

  @Test
  void whatWasChangedInASubmoduleIsNotRemoved() throws IOException {
    Path other = repositoryIn(folder.resolve("other"));
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.toString(), "lib");
    git("commit", "--quiet", "-m", "with a submodule");
    Worktree worktree = worktree();
    assertThat(worktree.park(REF, environment)).as("one that is not checked out").isEmpty();
    new Git(worktree.place(), environment)
        .say("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init");
    assertThat(worktree.park(REF, environment)).as("one that is as it was").isEmpty();
    Files.writeString(worktree.place().resolve("lib/new"), "a day's\n");
    assertThatThrownBy(() -> worktree.park(REF, environment))
        .isInstanceOf(GitProblem.class)
        .hasMessageContaining("lib within " + worktree.place());
  }

  /** A repository with one commit. */
  private Path repositoryIn(Path place) throws IOException {
    Git inside = new Git(Files.createDirectories(place), environment);
    inside.say("init", "--quiet");
    Files.writeString(place.resolve("work"), "a day's\n");
    inside.say("add", ".");
    inside
        .with("GIT_AUTHOR_NAME", "a")
        .with("GIT_AUTHOR_EMAIL", "a@b")
        .with("GIT_COMMITTER_NAME", "a")
        .with("GIT_COMMITTER_EMAIL", "a@b")
        .say("commit", "--quiet", "-m", "work");
    return place;
  }

  @Test
  void noHookOfTheUsersRuns() throws IOException {
    Path hook = project.resolve(".git/hooks/post-checkout");
    Files.createDirectories(hook.getParent());
    Files.writeString(hook, "#!/bin/sh\ntouch " + folder.resolve("ran") + "\nexit 1\n");
    Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
    worktree();
    assertThat(folder.resolve("ran")).doesNotExist();
  }

  @Test
  void aProgramThatCannotBeStartedIsNamedWithWhatToDo() {
    assertThatThrownBy(() -> new Git(folder.resolve("gone"), environment).say("status"))
        .isInstanceOf(GitProblem.class)
        .hasMessageContaining("git could not be started");
  }
}
