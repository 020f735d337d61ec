package dev.onbehalf.applinks.application;

/** The type {@code generic}. */
public record GenericApplicationType() implements ApplicationType {

  @Override
  public String typeId() {
    return "generic";
  }
}
