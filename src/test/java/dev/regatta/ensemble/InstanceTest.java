package dev.regatta.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceTest {
  @Test
  void agentsAndModelsAreTakenInTurnAndTemperaturesSpread() {
    List<Instance> five =
        Instance.spread(
            5,
            List.of("claude", "codex"),
            List.of("m1", "m2", "m3"),
            Optional.of(Temperatures.parse("0.2..1.0")),
            List.of());
    assertThat(five)
        .extracting(Instance::agent)
        .containsExactly("claude", "codex", "claude", "codex", "claude");
    assertThat(five)
        .extracting(it -> it.model().orElseThrow())
        .containsExactly("m1", "m2", "m3", "m1", "m2");
    assertThat(five)
        .extracting(it -> it.temperature().orElseThrow())
        .containsExactly(0.2, 0.4, 0.6, 0.8, 1.0);
    assertThat(five).extracting(Instance::task).containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void whatASetSaysGoesBeforeTheRest() {
    List<Instance> three =
        Instance.spread(
            3,
            List.of("claude"),
            List.of("m"),
            Optional.of(new Temperatures(0.5, 0.5)),
            List.of(
                ParameterSet.parse("model=own,temperature=1.5,flags=--effort high, --x=1,2"),
                ParameterSet.parse("flags=--short")));
    assertThat(three.get(0))
        .isEqualTo(
            new Instance(
                1,
                "claude",
                Optional.of("own"),
                Optional.of(1.5),
                List.of("--effort", "high,", "--x=1,2")));
    assertThat(three.get(1).model()).contains("m");
    assertThat(three.get(1).temperature()).contains(0.5);
    assertThat(three.get(1).flags()).containsExactly("--short");
    assertThat(three.get(2))
        .isEqualTo(
            new Instance(3, "claude", Optional.of("own"), Optional.of(1.5), three.get(0).flags()));
  }

  @Test
  void aTemperatureIsSaidInWordsBeforeThePrompt() {
    Instance daring = new Instance(1, "claude", Optional.empty(), Optional.of(0.2), List.of());
    assertThat(daring.toTask("Why?", Path.of("/")).prompt().orElseThrow())
        .startsWith("Creativity for this answer: 0.2 on a scale from 0")
        .endsWith("\n\nWhy?");
    Instance plain = new Instance(1, "claude", Optional.empty(), Optional.empty(), List.of());
    assertThat(plain.toTask("Why?", Path.of("/")).prompt()).contains("Why?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hot", "0.2...4", "1..0.5", "0..3", "-1", "NaN", "0.2..", "1e1"})
  void whatIsNoTemperatureIsRefused(String text) {
    assertThatThrownBy(() -> Temperatures.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "colour=red", "temperature=0..1", "temperature=9", "model=m,,"})
  void whatIsNoSetIsRefused(String text) {
    assertThatThrownBy(() -> ParameterSet.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--evil", "", "a b"})
  void aModelMustHaveAName(String model) {
    assertThatThrownBy(
            () -> new Instance(1, "claude", Optional.of(model), Optional.empty(), List.of()))
        .hasMessage("model must be a model's name");
  }
}
