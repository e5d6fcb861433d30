using System.Runtime.CompilerServices;
using SpeechStream.Audio.Replay;

namespace SpeechStream.Tests;

/// <summary>Every test runs with the replay memory's offsets checked against each other after each change.</summary>
internal static class CheckedInvariants
{
    [ModuleInitializer]
    internal static void SwitchOn() => ReplayMemory.ChecksInvariants = true;
}
