package dev.regatta.server;

import dev.regatta.store.RunRow;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What the server has from above so that it can show, start and stop runs.
 *
 * @param home the {@code .regatta} folder
 * @param rows the runs that are known, as they are now, the latest first
 * @param report a run's report as JSON, from its folder
 * @param program how this program is started for a run
 * @param redact takes out of a text what must not be shown
 */
public record RunsAccess(
    Path home,
    Supplier<List<RunRow>> rows,
    Function<Path, String> report,
    RunProgram program,
    UnaryOperator<String> redact) {}
