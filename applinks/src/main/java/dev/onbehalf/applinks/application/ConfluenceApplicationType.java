package dev.onbehalf.applinks.application;

/** The type {@code confluence}. */
public record ConfluenceApplicationType() implements ApplicationType {

  @Override
  public String typeId() {
    return "confluence";
  }
}
