/** {@code onbehalf demo}: the main job shown whole, against a small sample CI server. */
@NullMarked
package dev.onbehalf.cli.demo;

import org.jspecify.annotations.NullMarked;
