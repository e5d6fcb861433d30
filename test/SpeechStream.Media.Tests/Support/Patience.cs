namespace SpeechStream.Media.Tests.Support;

/// <summary>What never ends fails the test. Nothing else depends on how long it takes.</summary>
internal static class Patience
{
    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(TimeSpan.FromMinutes(1));

    public static Task Within(this Task task) => task.WaitAsync(TimeSpan.FromMinutes(1));
}
