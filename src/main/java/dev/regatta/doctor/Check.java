package dev.regatta.doctor;

import java.util.List;

/** Looks at one thing. */
interface Check {
  /** What it looks at: the beginning of its findings' ids. */
  String id();

  /** What it finds, in a fixed order. */
  List<Finding> findings() throws InterruptedException;
}
