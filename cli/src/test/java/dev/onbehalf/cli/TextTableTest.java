package dev.onbehalf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void toStringWhenCellsDifferInWidthThenColumnsAlign() {
    TextTable table = new TextTable("NAME", "LEVELS");
    table.row("a-longer-name", "3-legged");
    table.row("é", "none");

    assertThat(table.toString())
        .isEqualTo(
            """
            NAME           LEVELS
            a-longer-name  3-legged
            é              none
            """);
  }
}
