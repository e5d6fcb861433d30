namespace SpeechStream.Fleet.Tests.Chaos;

/// <summary>Tests with processes that are killed and frozen. They don't run beside others, whose processor time they would take.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
