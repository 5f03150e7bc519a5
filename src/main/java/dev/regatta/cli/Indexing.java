package dev.regatta.cli;

import dev.regatta.store.RegattaHome;
import dev.regatta.store.RunRow;
import dev.regatta.store.Store;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Keeps a run's row in the index. The index is opened beside the work, because that takes longer
 * than a hundred small commands. It can be thrown away, so its failure is said and costs nothing
 * else.
 */
final class Indexing implements AutoCloseable {
  private final Context context;
  private final CompletableFuture<Store> store;
  private RunRow row;

  /**
   * Puts a run into the index.
   *
   * @param row as it is at the start
   */
  Indexing(Context context, RegattaHome home, RunRow row) {
    this.context = context;
    this.row = row;
    this.store =
        CompletableFuture.supplyAsync(
            () -> {
              Store opened = Store.open(home);
              opened.put(row);
              return opened;
            },
            work -> Thread.ofPlatform().daemon().name("regatta-index").start(work));
  }

  /** Says what became of the run; {@link #close} writes it. */
  void note(Function<RunRow, RunRow> change) {
    row = change.apply(row);
  }

  @Override
  public void close() {
    try (Store opened = store.join()) {
      opened.put(row);
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof Store.StoreProblem problem)) {
        throw e;
      }
      sayLost(problem);
    } catch (Store.StoreProblem e) {
      sayLost(e);
    }
  }

  private void sayLost(Store.StoreProblem problem) {
    context.err().println("regatta: " + problem.getMessage());
    context
        .err()
        .println(
            "regatta: run " + row.id() + " is not listed, but all of it is in " + row.folder());
  }
}
