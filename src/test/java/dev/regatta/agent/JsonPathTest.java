package dev.regatta.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Paths into JSON that an agent printed. */
class JsonPathTest {
  private static final JsonNode DOCUMENT =
      JsonMapper.shared()
          .readTree(
              "{\"a\": [{\"b c\": 1, \"d\": null}, {\"b c\": 2}], \"_e-1\": \"x\", \"0\": true}");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          $._e-1           | ["x"]
          $['0']           | [true]
          $.a[1]['b c']    | [2]
          $.a[*]['b c']    | [1,2]
          $.a[0].*         | [1,null]
          $.a[0].d         | [null]
          $.a[2]           | []
          $.a.b            | []
          $._e-1[0]        | []
          $.a['0']         | []
          $[0]             | []
          """)
  void itLeadsToEveryValueThatIsThere(String path, String values) {
    JsonPath read = JsonPath.of(path);
    assertThat(read.text()).isEqualTo(path);
    assertThat(JsonMapper.shared().valueToTree(read.values(DOCUMENT).toList()).toString())
        .isEqualTo(values);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          a.b         | must begin with $, as in $.result
          $a          | is no path from character 2 on; steps are .name, ['name'], [0], .* and [*]
          $.a..b      | is no path from character 4 on; steps
          $.a[?(1)]   | is no path from character 4 on; steps
          $.a[-1]     | is no path from character 4 on; steps
          $['']       | is no path from character 2 on; steps
          """)
  void whatIsNoneIsSaidWithThePlace(String path, String message) {
    assertThatThrownBy(() -> JsonPath.of(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }
}
