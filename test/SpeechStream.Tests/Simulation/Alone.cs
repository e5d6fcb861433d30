namespace SpeechStream.Tests.Simulation;

/// <summary>Tests that measure the whole process: no other test runs at the same time.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
