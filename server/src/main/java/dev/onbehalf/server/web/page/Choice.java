package dev.onbehalf.server.web.page;

import java.util.List;

/**
 * Something the person may narrow before allowing, shown as a group of radio buttons.
 *
 * @param name name of the form field
 * @param legend the question, such as "For how long?"
 * @param options what may be chosen, exactly one of it selected
 */
public record Choice(String name, String legend, List<Option> options) {

  public Choice {
    options = List.copyOf(options);
    if (options.stream().filter(Option::selected).count() != 1) {
      throw new IllegalArgumentException("Exactly one option of '" + name + "' must be selected.");
    }
  }

  /**
   * One answer.
   *
   * @param value value of the form field
   * @param label what the person reads
   * @param hint one more sentence; empty for none
   * @param selected whether it is chosen at first
   */
  public record Option(String value, String label, String hint, boolean selected) {}
}
