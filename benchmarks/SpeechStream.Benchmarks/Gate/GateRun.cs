using SpeechStream.Benchmarks.Load;

namespace SpeechStream.Benchmarks.Gate;

/// <summary>Measures what doesn't depend on the machine's speed, and tells whether all of it is within its budget.</summary>
internal static class GateRun
{
    public static async Task<int> RunAsync()
    {
        using var service = ServiceProcess.Start();
        Budget[] budgets =
        [
            await FrameAllocation.InMemoryAsync(sendsLater: false),
            await FrameAllocation.InMemoryAsync(sendsLater: true),
            await FrameAllocation.OverSocketAsync(service.Endpoint),
            await EventAllocation.MeasureAsync(),
            DashScopeAllocation.Measure(),
            .. await WakeUps.MeasureAsync(),
        ];
        foreach (var budget in budgets)
        {
            Console.WriteLine(budget);
        }

        return budgets.All(budget => budget.IsMet) ? 0 : 1;
    }
}
