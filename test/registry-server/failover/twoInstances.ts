// Two instances of a registry on one Redis, each a process of its own, behind a balancer.

import { RegistryProcess } from '../registryProcess.ts';
import { Balancer } from './balancer.ts';

export type Instances = readonly [RegistryProcess, RegistryProcess];

/** `url` is the balancer's. All is ended when `work` is. */
export async function withTwoInstances<T>(
  redis: string,
  work: (url: string, instances: Instances) => Promise<T>,
): Promise<T> {
  const start = () => RegistryProcess.start('--redis', redis, '--no-stun', '--log', 'warn');
  const instances: Instances = [await start(), await start()];
  const balancer = await Balancer.over(instances.map(({ port }) => port));
  try {
    return await work(balancer.url, instances);
  } finally {
    await balancer.close();
    await Promise.all(instances.map((instance) => instance.kill()));
  }
}
