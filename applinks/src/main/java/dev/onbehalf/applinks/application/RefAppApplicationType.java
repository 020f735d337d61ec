package dev.onbehalf.applinks.application;

/** The type {@code refapp}. */
public record RefAppApplicationType() implements ApplicationType {

  @Override
  public String typeId() {
    return "refapp";
  }
}
