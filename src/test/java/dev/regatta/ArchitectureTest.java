package dev.regatta;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The floors of the house, as docs/architecture.md draws them: a room knows only those below. */
@AnalyzeClasses(packages = "dev.regatta", importOptions = ArchitectureTest.WithoutTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.regatta.";

  /** What lies where this class lies is a test, wherever tests are compiled to. */
  static final class WithoutTests implements ImportOption {
    private static final String TESTS =
        ArchitectureTest.class.getProtectionDomain().getCodeSource().getLocation().getPath();

    @Override
    public boolean includes(Location location) {
      return !location.contains(TESTS);
    }
  }

  private static final Map<String, Integer> FLOORS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("secret", 0),
              Map.entry("provider", 0),
              Map.entry("rehearsal", 1),
              Map.entry("stats", 1),
              Map.entry("credential", 1),
              Map.entry("process", 1),
              Map.entry("journal", 1),
              Map.entry("git", 1),
              Map.entry("store", 1),
              Map.entry("agent", 2),
              Map.entry("gateway", 2),
              Map.entry("run", 3),
              Map.entry("evidence", 3),
              Map.entry("mcp", 4),
              Map.entry("telemetry", 4),
              Map.entry("experiment", 5),
              Map.entry("ensemble", 5),
              Map.entry("doctor", 5),
              Map.entry("stress", 5),
              Map.entry("report", 6),
              Map.entry("server", 6),
              Map.entry("cli", 7)));

  @ArchTest
  static final ArchRule noRoomIsInACircle =
      slices().matching("dev.regatta.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theRehearsalKnowsNoOtherRoom =
      classes()
          .that()
          .resideInAPackage(ROOT + "rehearsal..")
          .should()
          .onlyDependOnClassesThat(
              resideInAPackage(ROOT + "rehearsal..")
                  .or(DescribedPredicate.not(resideInAPackage("dev.regatta.."))));

  @ArchTest
  static void aRoomKnowsOnlyRoomsBelow(JavaClasses house) {
    for (String room : FLOORS.keySet()) {
      noClasses()
          .that()
          .resideInAPackage(ROOT + room + "..")
          .should()
          .dependOnClassesThat(inARoomNotBelow(room))
          .because("floor " + FLOORS.get(room) + " rests only on the floors below")
          .allowEmptyShould(true)
          .check(house);
    }
  }

  private static DescribedPredicate<JavaClass> inARoomNotBelow(String room) {
    return DescribedPredicate.describe(
        "are in another room that is not below " + room,
        type -> {
          String other = roomOf(type);
          return FLOORS.containsKey(other)
              && !other.equals(room)
              && FLOORS.get(other) >= FLOORS.get(room);
        });
  }

  private static String roomOf(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(ROOT) ? name.substring(ROOT.length()).split("\\.")[0] : "";
  }

  @Test
  void everyRoomHasAFloorAndSaysWhatItOwns() throws IOException {
    Path source =
        Path.of(System.getProperty("regatta.project", ".")).resolve("src/main/java/dev/regatta");
    List<String> rooms = new ArrayList<>();
    try (var folders = Files.newDirectoryStream(source, Files::isDirectory)) {
      for (Path folder : folders) {
        rooms.add(folder.getFileName().toString());
        assertThat(folder.resolve("package-info.java"))
            .as("what the room owns, what comes in, what goes out")
            .exists()
            .content()
            .contains("@NullMarked");
      }
    }
    assertThat(FLOORS.keySet()).containsExactlyInAnyOrderElementsOf(rooms);
  }
}
