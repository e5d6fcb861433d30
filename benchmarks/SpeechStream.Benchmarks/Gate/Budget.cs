using System.Globalization;

namespace SpeechStream.Benchmarks.Gate;

/// <summary>A line of the gate's table.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Measured">The figure.</param>
/// <param name="Limit">The largest that passes.</param>
/// <param name="Unit">Of both.</param>
/// <param name="Note">What the figure is compared with, or what it consists of.</param>
internal sealed record Budget(string What, double Measured, double Limit, string Unit, string Note = "")
{
    public bool IsMet => Measured <= Limit;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(IsMet ? "ok  " : "MISS")}  {What,-58} {Measured,9:0.###} {Unit,-8} limit {Limit,7:0.###}  {Note}");
}
