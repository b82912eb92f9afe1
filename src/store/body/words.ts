import { APIS, ZONES } from '#kernel/destination.ts'
