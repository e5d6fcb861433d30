using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SpeechStream.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the readiness of the endpoint to the health checks of an application.</summary>
public static class SpeechStreamHealthChecksBuilderExtensions
{
    /// <summary>Adds a check that fails from the moment when the server is told to stop, so that no new pages are sent to it while its sessions are drained.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="tags">Tags of the check, such as <c>ready</c>; null for none.</param>
    /// <returns>The same health checks.</returns>
    public static IHealthChecksBuilder AddSpeechStream(this IHealthChecksBuilder builder, string name = "speechstream", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new(name, services => new ReadinessCheck(services.GetRequiredService<IHostApplicationLifetime>()), null, tags));
    }
}
