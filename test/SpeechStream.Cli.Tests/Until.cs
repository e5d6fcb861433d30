using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SpeechStream.Cli.Tests;

/// <summary>Waits for what nothing announces, with a limit that no slow machine meets.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public static async Task HoldsAsync(Func<bool> holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        var begun = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < Limit, $"Not within {Limit}: {what}");
            await Task.Delay(20);
        }
    }
}
