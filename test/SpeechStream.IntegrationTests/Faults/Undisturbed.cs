namespace SpeechStream.IntegrationTests.Faults;

/// <summary>Tests that count what the process holds: descriptors, threads, and exceptions that nobody observed. They don't run beside others.</summary>
[CollectionDefinition(nameof(Undisturbed), DisableParallelization = true)]
public sealed class Undisturbed;
