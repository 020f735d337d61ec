package dev.onbehalf.applinks.application;

/** The type {@code fecru}. */
public record FishEyeCrucibleApplicationType() implements ApplicationType {

  @Override
  public String typeId() {
    return "fecru";
  }
}
