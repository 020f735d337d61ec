package dev.onbehalf.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PermissionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          everything                      | everything                      | true
          read-only                       | read-only                       | false
          trigger-builds;read-only        | read-only;trigger-builds        | false
          GET /b;* /a;read-only           | read-only;GET /b;* /a           | false
          GET /b;everything               | everything;GET /b               | true
          read-only;read-only             | read-only                       | false
          """)
  void parseWhenSetsAndRulesThenPrintedSetsFirst(String given, String printed, boolean unlimited) {
    Permissions permissions = Permissions.parse(List.of(given.split(";", -1)));

    assertThat(permissions.texts()).containsExactly(printed.split(";", -1));
    assertThat(permissions.unlimited()).isEqualTo(unlimited);
    assertThat(Permissions.parse(permissions.texts())).isEqualTo(permissions);
  }

  @Test
  void parseWhenNothingOrSomethingElseThenRefusedInASentence() {
    assertThatThrownBy(() -> Permissions.parse(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one");
    for (String unknown : List.of("READ_ONLY", "Read-Only", "readonly", "admin")) {
      assertThatThrownBy(() -> Permissions.parse(List.of(unknown)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + unknown + "' is neither");
    }
  }

  @Test
  void newWhenEverythingThenAsItsName() {
    assertThat(Permissions.EVERYTHING).isEqualTo(Permissions.parse(List.of("everything")));
    assertThat(new Permissions(Set.of(), List.of(AccessRule.parse("GET /"))).texts())
        .containsExactly("GET /");
  }
}
