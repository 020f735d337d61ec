package dev.onbehalf.server.web.page;

import dev.onbehalf.server.web.Page;

/**
 * Confirms that a person refused, where no callback tells the consumer.
 *
 * @param consumerName who asked
 */
public record DeniedPage(String consumerName) implements Page {
  @Override
  public String template() {
    return "denied";
  }

  @Override
  public String title() {
    return "Access refused";
  }
}
