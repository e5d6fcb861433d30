using System.Runtime.CompilerServices;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>Every wait of a test has a limit, so generous that no slow machine meets it.</summary>
internal static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task Within(this Task task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            Assert.Fail($"Not within {Limit}: {what}");
        }
    }

    public static async Task<T> Within<T>(this Task<T> task, [CallerArgumentExpression(nameof(task))] string what = "")
    {
        await ((Task)task).Within(what);
        return await task;
    }

    /// <summary>Waits until a condition holds that nothing announces.</summary>
    public static async Task Until(Func<Task<bool>> holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        var end = DateTime.UtcNow + Limit;
        while (!await holds())
        {
            Assert.True(DateTime.UtcNow < end, $"Not within {Limit}: {what}");
            await Task.Delay(5);
        }
    }
}
