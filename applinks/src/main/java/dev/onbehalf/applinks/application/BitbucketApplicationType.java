package dev.onbehalf.applinks.application;

/** The type {@code stash}. */
public record BitbucketApplicationType() implements ApplicationType {

  @Override
  public String typeId() {
    return "stash";
  }
}
