package dev.regatta.ensemble;

import dev.regatta.git.GitProblem;
import dev.regatta.git.Repository;
import dev.regatta.git.Worktree;
import dev.regatta.journal.Event;
import dev.regatta.run.Run;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A folder for each instance to work in: a worktree of the repository that the user works in, at
 * the commit that is checked out there, or an empty folder where there is no repository. They go at
 * the end; what was changed in them never does.
 */
public final class Scratches {
  private static final String FOLDER = "scratch";
  private static final String REFS = "refs/regatta/ask/";

  /** Behind an instance's ref: git has no room for one below a ref that is there. */
  private static final String LEFT = "-left";

  private final Run run;
  private final Path place;
  private final List<Event.ScratchMade> made = new ArrayList<>();

  Scratches(Run run, Path home) {
    this.run = run;
    this.place = home.resolve(FOLDER).resolve(run.id());
  }

  /**
   * Makes one for each, one after another, and gives where the instances work; fewer if the run is
   * stopped meanwhile.
   *
   * @param folder where the user works
   * @throws GitProblem if the repository there can't be used
   */
  List<Path> make(List<Instance> instances, Path folder) {
    Map<String, String> environment = run.environment();
    Optional<Repository> repository = Repository.around(folder, environment);
    Optional<String> base = repository.map(found -> found.commit(environment));
    if (repository.isPresent() && repository.get().changed(environment)) {
      note(
          "instances start from the commit "
              + base.get().substring(0, 12)
              + ": what is not committed in "
              + repository.get().root()
              + " is not there for them");
    } else if (repository.isEmpty()) {
      note(
          "instances work in empty folders of their own, as "
              + folder
              + " is in no git repository");
    }
    List<Path> places = new ArrayList<>();
    for (Instance instance : instances) {
      if (run.cancellation().requested()) {
        break;
      }
      places.add(make(instance, repository, base));
    }
    return places;
  }

  private Path make(Instance instance, Optional<Repository> repository, Optional<String> base) {
    Path own = place.resolve(instance.task());
    Event.ScratchMade event =
        new Event.ScratchMade(
            instance.task(),
            own.toString(),
            repository.map(found -> found.root().toString()).orElse(null),
            base.orElse(null));
    run.record(event); // before it is there: who clears up after a kill must know of it
    made.add(event);
    try {
      Files.createDirectories(own);
      if (repository.isEmpty()) {
        return own;
      }
      repository.get().worktree(own, base.orElseThrow(), run.environment());
      return Files.createDirectories(own.resolve(repository.get().within()));
    } catch (IOException e) {
      throw new UncheckedIOException(own + " could not be made: " + e.getMessage(), e);
    }
  }

  private void note(String text) {
    run.record(new Event.Noted("warning", text));
  }

  /** Clears them all away, or says where they stay. */
  void leave(boolean keep) {
    for (Event.ScratchMade scratch : made) {
      run.record(left(run.id(), scratch, keep, run.environment()));
    }
    removeEmpty(place);
  }

  /**
   * Clears away what a killed run left, unless it was to be kept.
   *
   * @param events what its journal says
   * @param said gets a line for each folder that stays, and each ref that was made
   */
  public static void clearUp(
      String run, List<Event> events, Map<String, String> environment, Consumer<String> said) {
    boolean keep =
        events.stream()
            .anyMatch(event -> event instanceof Event.EnsemblePlanned plan && plan.keep());
    Set<String> done = new HashSet<>();
    events.forEach(event -> {
      if (event instanceof Event.ScratchLeft left) {
        done.add(left.task());
      }
    });
    for (Event event : events) {
      if (event instanceof Event.ScratchMade made && !done.contains(made.task())) {
        Event.ScratchLeft left = left(run, made, keep, environment);
        if (left.kept() || left.ref() != null) {
          said.accept("instance " + left.task() + " of run " + run + ": " + left.reason());
        }
        Path parent = Path.of(made.folder()).getParent();
        if (parent != null) {
          removeEmpty(parent);
        }
      }
    }
  }

  private static Event.ScratchLeft left(
      String run, Event.ScratchMade scratch, boolean keep, Map<String, String> environment) {
    Path folder = Path.of(scratch.folder());
    String repository = scratch.repository();
    String base = scratch.base();
    if (repository == null || base == null) {
      return plain(scratch.task(), folder, keep);
    }
    Worktree worktree =
        new Worktree(new Repository(Path.of(repository), Path.of("")), folder, base);
    if (keep && worktree.there()) {
      return new Event.ScratchLeft(scratch.task(), true, null, "kept as asked: " + folder);
    }
    if (!worktree.there()) {
      return plain(scratch.task(), folder, false); // the kill came before git did
    }
    return parked(run, scratch.task(), worktree, environment);
  }

  private static Event.ScratchLeft parked(
      String run, String task, Worktree worktree, Map<String, String> environment) {
    String ref = REFS + run + "/" + task;
    try {
      boolean changed = worktree.park(ref, environment).isPresent();
      boolean left = worktree.parkLeft(ref + LEFT, environment).isPresent();
      worktree.remove(environment);
      return kept(task, changed ? ref : null, left ? ref + LEFT : null);
    } catch (GitProblem e) {
      // Nothing is removed that could not be put elsewhere first.
      return new Event.ScratchLeft(
          task, true, null, "stays in " + worktree.place() + ", as " + e.getMessage());
    }
  }

  private static Event.ScratchLeft kept(
      String task, @Nullable String changed, @Nullable String left) {
    String commits = left == null ? "" : "commits that it left are in " + left;
    return changed == null
        ? new Event.ScratchLeft(task, false, left, left == null ? "it changed nothing" : commits)
        : new Event.ScratchLeft(
            task,
            false,
            changed,
            "what it changed is in " + changed + (left == null ? "" : ", and " + commits));
  }

  /** A folder without a repository goes when it is empty; there is nowhere else to put files. */
  private static Event.ScratchLeft plain(String task, Path folder, boolean keep) {
    if (keep) {
      return new Event.ScratchLeft(task, true, null, "kept as asked: " + folder);
    }
    return removeEmpty(folder)
        ? new Event.ScratchLeft(task, false, null, "it changed nothing")
        : new Event.ScratchLeft(task, true, null, "what it made stays in " + folder);
  }

  private static boolean removeEmpty(Path folder) {
    try {
      Files.delete(folder);
      return true;
    } catch (NoSuchFileException e) {
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " could not be removed: " + e.getMessage(), e);
    }
  }
}
