package dev.onbehalf.applinks.application;

/** The type {@code bamboo}. */
public record BambooApplicationType() implements ApplicationType {

  @Override
  public String typeId() {
    return "bamboo";
  }
}
