package dev.onbehalf.applinks.application;

/** The type {@code crowd}. */
public record CrowdApplicationType() implements ApplicationType {

  @Override
  public String typeId() {
    return "crowd";
  }
}
