package dev.onbehalf.server.config;

import java.util.List;

/** A file of the administrator's cannot be used; says everything that is wrong with it. */
public final class ConfigurationException extends RuntimeException {
  @SuppressWarnings("serial")
  private final List<String> faults;

  /**
   * Collects the faults.
   *
   * @param faults one sentence each, with file and line where known; free of secrets
   */
  public ConfigurationException(List<String> faults) {
    super(String.join(System.lineSeparator(), faults));
    this.faults = List.copyOf(faults);
  }

  public List<String> faults() {
    return faults;
  }
}
